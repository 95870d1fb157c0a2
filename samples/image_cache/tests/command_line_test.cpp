#include "options.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace {

Options parse(const std::vector<const char*>& arguments) { return parse_options(arguments); }

std::string complaint(const std::vector<const char*>& arguments) try {
  parse(arguments);
  return "";
} catch (const UsageError& error) {
  return error.what();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(command_line)

BOOST_AUTO_TEST_CASE(what_is_given_is_taken_and_the_rest_has_defaults) {
  const Options options = parse({"--workers", "7", "--only=weak", "folder", "--seed=18446744073709551615"});
  BOOST_TEST(options.workers == 7U);
  BOOST_TEST(options.seed == UINT64_MAX);
  BOOST_TEST(options.folder == "folder");
  BOOST_TEST((options.ways == std::vector{Way::weak_cache}));
  BOOST_TEST(options.thumbnail == Options().thumbnail);
  BOOST_TEST(parse({"--", "--folder"}).folder == "--folder");
}

BOOST_AUTO_TEST_CASE(a_wrong_word_is_named_and_told_why) {
  BOOST_TEST(complaint({"--wrokers", "7"}) == "unknown option '--wrokers'");
  BOOST_TEST(complaint({"--workers"}) == "--workers needs a value");
  for (const char* wrong : {"0", "257", "-1", "4x", "", "99999999999999999999"})
    BOOST_TEST(complaint({"--workers", wrong}) ==
               "--workers takes a number from 1 to 256, not '" + std::string(wrong) + "'");
  BOOST_TEST(complaint({"--only", "some"}) == "--only takes none, strong or weak, not 'some'");
  BOOST_TEST(complaint({"one", "two"}) == "one folder, please: 'two' is the second");
}

BOOST_AUTO_TEST_CASE(the_help_tells_every_option_and_its_default) {
  const Options defaults;
  const auto tells = [](const std::string& text) { return help_text.find(text) != help_text.npos; };
  for (const char* option :
       {"--workers", "--requests", "--seed", "--thumbnail", "--output", "--only", "--help"})
    BOOST_TEST(tells(option), option);
  BOOST_TEST(tells("(default " + std::to_string(defaults.workers) + ")"));
  BOOST_TEST(tells("(default " + std::to_string(defaults.requests) + ")"));
  BOOST_TEST(tells("(default " + std::to_string(defaults.thumbnail) + ")"));
  BOOST_TEST(tells("(default: " + defaults.folder.string()));
}

BOOST_AUTO_TEST_SUITE_END()

#include "options.hpp"

#include <charconv>
#include <functional>
#include <map>
#include <optional>
#include <string>

const std::string_view help_text = R"(usage: image_cache [option]... [folder]

Makes a contact sheet of the PNG and JPEG pictures in a folder and in the folders
below it (default: /usr/share/backgrounds/mate, of the Debian package
mate-backgrounds), then serves scaled pictures from it to many clients, the same
requests each time, and compares three ways of keeping decoded pictures:

  no cache     each request decodes its picture
  strong map   decodes a picture once, and holds it for ever
  weak cache   shares a picture for as long as any worker uses it; it holds none,
               and when the last worker lets go, the picture vanishes by itself

A weak cache avoids fewer decodes than a strong map, and holds only what is in use.
It avoids those for which the same picture is asked for again while it is being
worked on. Here that is so because each visit to a page asks for one picture in four
sizes within a short while, because three visits are under way at a time, and because
few pictures are popular: the n-th is visited 1/n as often as the first. A worker
holds a picture from before it is decoded until it is scaled. With one worker nothing
is ever in use twice, and the weak cache avoids nothing.

options:
  --workers N        threads that serve requests, 1 to 256 (default 4)
  --requests N       requests to serve, 1 to 1000000 (default 200)
  --seed N           another number, other requests; the same, the same (default 1)
  --thumbnail PX     side of a thumbnail on the contact sheet, 32 to 1024 (default 240)
  --output DIR       where the results go (default: the current folder)
  --only WAY         only one of none, strong, weak
  --help             this text

results:
  contact_sheet.png  every picture, with its name and size
  bytes_held.png     the bytes of decoded pictures that were held, as requests were served
  and a table on standard output

A file is what its content says, whatever its name. A picture that cannot be read is
reported and skipped.

exit status: 0 success; 1 no picture could be read, or a result could not be written;
             2 the command line was not understood
)";

namespace {

std::uint64_t number(const std::string& option, std::string_view text, std::uint64_t least,
                     std::uint64_t most) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most)
    throw UsageError(option + " takes a number from " + std::to_string(least) + " to " +
                     std::to_string(most) + ", not '" + std::string(text) + "'");
  return value;
}

Way way(std::string_view text) {
  if (text == "none") return Way::no_cache;
  if (text == "strong") return Way::strong_map;
  if (text == "weak") return Way::weak_cache;
  throw UsageError("--only takes none, strong or weak, not '" + std::string(text) + "'");
}

using Take = void (*)(Options&, const std::string& option, std::string_view value);

// The options that take a value.
const std::map<std::string, Take, std::less<>> valued{
    {"--workers", [](auto& o, auto& option, auto value) { o.workers = number(option, value, 1, 256); }},
    {"--requests",
     [](auto& o, auto& option, auto value) { o.requests = number(option, value, 1, 1'000'000); }},
    {"--seed", [](auto& o, auto& option, auto value) { o.seed = number(option, value, 0, UINT64_MAX); }},
    {"--thumbnail", [](auto& o, auto& option, auto value) { o.thumbnail = number(option, value, 32, 1024); }},
    {"--output", [](auto& o, auto&, auto value) { o.output = value; }},
    {"--only", [](auto& o, auto&, auto value) { o.ways = {way(value)}; }},
};

}  // namespace

Options parse_options(std::span<const char* const> arguments) {
  Options options;
  std::optional<std::string_view> folder;
  bool options_ended = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (options_ended || !argument.starts_with('-')) {
      if (folder) throw UsageError("one folder, please: '" + std::string(argument) + "' is the second");
      folder = argument;
    } else if (argument == "--") {
      options_ended = true;
    } else if (argument == "--help" || argument == "-h") {
      options.help = true;
    } else {
      // "--option value" or "--option=value"
      const auto equals = argument.find('=');
      const auto option = valued.find(argument.substr(0, equals));
      if (option == valued.end()) throw UsageError("unknown option '" + std::string(argument) + "'");
      if (equals == argument.npos && ++i == arguments.size())
        throw UsageError(option->first + " needs a value");
      option->second(options, option->first,
                     equals == argument.npos ? arguments[i] : argument.substr(equals + 1));
    }
  }
  if (folder) options.folder = *folder;
  return options;
}

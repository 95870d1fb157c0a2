// The whole program, as a user runs it.
#include <sys/wait.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "chart.hpp"
#include "decode.hpp"
#include "picture_files.hpp"

namespace {

// A line of the table.
struct Row {
  std::size_t requests = 0;
  std::size_t decodes = 0;
  std::size_t avoided = 0;
  std::string peak;
  std::string at_the_end;
};

struct Outcome {
  int status;
  std::string out;
  std::string err;

  [[nodiscard]] bool says(const std::string& text) const { return err.find(text) != std::string::npos; }

  // The line of that way; one of zeros where there is none.
  [[nodiscard]] Row row(const std::string& way) const {
    const std::size_t at = out.find("\n" + way);
    if (at == std::string::npos) return {};
    std::istringstream line(out.substr(at + 1 + way.size()));
    Row row;
    std::string seconds;
    std::string unit;
    line >> row.requests >> row.decodes >> row.avoided >> seconds >> row.peak >> unit;
    row.peak += ' ' + unit;
    line >> row.at_the_end >> unit;
    row.at_the_end += ' ' + unit;
    return row;
  }
};

struct Fixture {
  TemporaryFolder pictures;
  TemporaryFolder output;

  Outcome run(const std::string& arguments) const {
    const std::string out = (output / "out.txt").string();
    const std::string err = (output / "err.txt").string();
    const std::string command = "'" IMAGE_CACHE "' " + arguments + " >'" + out + "' 2>'" + err + "'";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_text(out), read_text(err)};
  }

  Outcome run_here(const std::string& arguments) const {
    return run("--output '" + output.path().string() + "' " + arguments + " '" + pictures.path().string() +
               "'");
  }

  // Ten pictures of 40 x 30, or 3.6 kB each, of every kind, in a folder and one below it; and four that are
  // none.
  void fill() const {
    std::filesystem::create_directory(pictures / "below");
    write_png(pictures / "rgb.png", PngKind::rgb, 8, {200, 100, 50});
    write_png(pictures / "gray.png", PngKind::gray, 8, {77});
    write_png(pictures / "deep.png", PngKind::rgb, 16, {1, 0, 99, 0, 200, 0});
    write_png(pictures / "palette.png", PngKind::palette, 8, {1});
    write_png(pictures / "transparent.png", PngKind::rgba, 8, {0, 0, 0, 90});
    write_png(pictures / "below/interlaced.png", PngKind::rgb, 8, {1, 2, 3}, true);
    write_png(pictures / "without_a_name", PngKind::gray_alpha, 8, {1, 200});
    write_jpeg(pictures / "below/rgb.JPG", JpegKind::rgb, {10, 200, 10});
    write_jpeg(pictures / "progressive.jpeg", JpegKind::rgb, {10, 10, 200}, true);
    write_jpeg(pictures / "cmyk \xff name.jpg", JpegKind::cmyk, {255, 128, 0, 255});

    write_text(pictures / "readme.txt", "is not meant to be a picture");
    write_text(pictures / "text.png", "is not a picture");
    write_png(pictures / "below/broken.png", PngKind::rgb, 8, {1, 2, 3});
    cut_in_half(pictures / "below/broken.png");
    write_jpeg(pictures / "broken.jpg", JpegKind::rgb, {1, 2, 3});
    cut_in_half(pictures / "broken.jpg");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(program, Fixture)

BOOST_AUTO_TEST_CASE(broken_files_are_reported_by_name_and_the_rest_is_served) {
  fill();
  const Outcome outcome = run_here("");
  BOOST_TEST(outcome.status == 0);
  BOOST_TEST(outcome.says("skipping text.png: neither a PNG nor a JPEG file\n"), outcome.err);
  BOOST_TEST(outcome.says("skipping below/broken.png: "), outcome.err);
  BOOST_TEST(outcome.says("skipping broken.jpg: Premature end of JPEG file\n"), outcome.err);
  BOOST_TEST(!outcome.says("readme.txt"), outcome.err);
  BOOST_TEST(outcome.out.find("10 pictures, 3 skipped") != std::string::npos, outcome.out);
}

BOOST_AUTO_TEST_CASE(the_contact_sheet_and_the_chart_are_pictures_of_the_right_size) {
  fill();
  BOOST_TEST(run_here("--thumbnail 64").status == 0);
  const Bitmap sheet = decode(output / "contact_sheet.png");
  BOOST_TEST(sheet.width() == 40U + 5 * 64 + 4 * 24 + 40);           // five columns
  BOOST_TEST(sheet.height() == 40U + 76 + 2 * (30 + 46) + 24 + 40);  // two rows, below a heading
  const Bitmap chart = decode(output / "bytes_held.png");
  BOOST_TEST(chart.width() == std::size_t{chart_width});
  BOOST_TEST(chart.height() == std::size_t{chart_height});
}

BOOST_AUTO_TEST_CASE(the_figures_of_the_table_agree_with_each_other) {
  fill();
  const Outcome outcome = run_here("--requests 500 --workers 3");
  for (const char* way : {"no cache", "strong map", "weak cache"}) {
    const Row row = outcome.row(way);
    BOOST_TEST(row.requests == 500U);
    BOOST_TEST(row.requests == row.decodes + row.avoided);
  }
  BOOST_TEST(outcome.row("no cache").avoided == 0U);
  BOOST_TEST(outcome.row("no cache").at_the_end == "0 B");
  BOOST_TEST(outcome.row("strong map").decodes == 10U);
  BOOST_TEST(outcome.row("strong map").peak == "36.0 kB");
  BOOST_TEST(outcome.row("strong map").at_the_end == "36.0 kB");
  BOOST_TEST(outcome.row("weak cache").decodes >= 10U);
  BOOST_TEST(outcome.row("weak cache").at_the_end == "0 B");
}

BOOST_AUTO_TEST_CASE(one_worker_gives_the_same_figures_for_the_same_seed) {
  fill();
  const auto figures = [this](const std::string& arguments) {
    const Outcome outcome = run_here("--requests 40 --workers 1 " + arguments);
    std::string text;
    for (const char* way : {"no cache", "strong map", "weak cache"}) {
      const Row row = outcome.row(way);
      text += std::to_string(row.decodes) + ' ' + row.peak + ' ' + row.at_the_end + '\n';
    }
    return text;
  };
  BOOST_TEST(figures("--seed 5") == figures("--seed 5"));
}

BOOST_AUTO_TEST_CASE(only_one_way_is_one_line) {
  fill();
  const Outcome outcome = run_here("--only weak");
  BOOST_TEST(outcome.row("weak cache").requests > 0U);
  BOOST_TEST(outcome.row("strong map").requests == 0U);
  BOOST_TEST(outcome.row("no cache").requests == 0U);
}

BOOST_AUTO_TEST_CASE(a_bad_command_line_is_told_with_status_2) {
  for (const char* bad :
       {"--nonsense", "--workers 0", "--requests many", "--only some", "--thumbnail", "a b"}) {
    const Outcome outcome = run(bad);
    BOOST_TEST(outcome.status == 2, bad);
    BOOST_TEST(outcome.says("image_cache: "), outcome.err);
    BOOST_TEST(outcome.says("--help"), outcome.err);
    BOOST_TEST(outcome.out == "");
  }
}

BOOST_AUTO_TEST_CASE(without_a_readable_picture_the_status_is_1) {
  Outcome outcome = run_here("");
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(outcome.says("no PNG or JPEG picture could be read"), outcome.err);
  write_text(pictures / "text.png", "is not a picture");
  outcome = run_here("");
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(outcome.says("text.png"), outcome.err);
  outcome = run("/no/such/folder");
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(outcome.says("/no/such/folder is no folder"), outcome.err);
}

BOOST_AUTO_TEST_CASE(results_that_cannot_be_written_are_told_with_status_1) {
  fill();
  const Outcome outcome =
      run("--output '" + (pictures / "rgb.png").string() + "' '" + pictures.path().string() + "'");
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(outcome.says("/rgb.png: "), outcome.err);
}

BOOST_AUTO_TEST_CASE(help_is_no_error) {
  const Outcome outcome = run("--help");
  BOOST_TEST(outcome.status == 0);
  BOOST_TEST(outcome.out.starts_with("usage: "));
}

BOOST_AUTO_TEST_SUITE_END()

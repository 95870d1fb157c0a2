// A contact-sheet maker over real photographs, and what a weak cache is for: decoded pictures are large,
// several workers need the same one at the same time, and nobody knows when the last of them is done with it.
// A weak cache shares a picture for as long as it is in use and lets go of it by itself.
//
// The library is used in image.cppm (what is shared) and image_source.cpp (the cache, and what it is compared
// with).
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "byte_size.hpp"
#include "chart.hpp"
#include "contact_sheet.hpp"
#include "gallery.hpp"
#include "options.hpp"
#include "progress_bar.hpp"
#include "request_list.hpp"
#include "run.hpp"
#include "table.hpp"

namespace {

constexpr int failure = 1;
constexpr int misunderstood = 2;

void complain(const std::string& what) { std::cerr << "image_cache: " << what << '\n'; }

Gallery survey(const Options& options) {
  const std::vector<std::string> names = find_pictures(options.folder);
  Gallery gallery;
  {
    ProgressBar bar("opening pictures", names.size());
    gallery = open_gallery(options.folder, names, options.thumbnail, options.workers,
                           [&](std::size_t opened) { bar.show(opened); });
  }
  for (const Unreadable& file : gallery.unreadable) complain("skipping " + file.name + ": " + file.reason);
  return gallery;
}

Result serve(Way way, const Job& job) {
  Result result;
  {
    ProgressBar bar(std::string(name_of(way)), job.requests.size());
    result = run(way, job, [&](std::size_t served, std::size_t bytes) {
      bar.show(served, byte_size(bytes) + " held");
    });
  }
  for (const std::string& request : result.failures) complain("request not served: " + request);
  return result;
}

std::vector<Result> compare(const Options& options, const Gallery& gallery) {
  std::vector<std::string> names;
  for (const Picture& picture : gallery.pictures) names.push_back(picture.name);
  const std::vector<Request> requests = request_list(names.size(), options.requests, options.seed);

  std::vector<Result> results;
  for (const Way way : options.ways)
    results.push_back(serve(way, {options.folder, names, requests, options.workers}));
  return results;
}

int make_contact_sheet_and_compare(const Options& options) {
  if (!std::filesystem::is_directory(options.folder)) {
    complain(options.folder.string() +
             " is no folder; name one with PNG or JPEG pictures, or install the package " +
             "mate-backgrounds for the default one");
    return failure;
  }
  std::filesystem::create_directories(options.output);
  const Gallery gallery = survey(options);
  if (gallery.pictures.empty()) {
    complain("no PNG or JPEG picture could be read in " + options.folder.string());
    return failure;
  }
  const auto sheet = options.output / "contact_sheet.png";
  write_contact_sheet(sheet, std::filesystem::canonical(options.folder).string(), gallery.pictures,
                      options.thumbnail);
  std::cout << sheet.string() << ": " << gallery.pictures.size() << " pictures, " << gallery.unreadable.size()
            << " skipped\n\n"
            << std::flush;

  const std::vector<Result> results = compare(options, gallery);
  print_table(std::cout, results);

  const auto chart = options.output / "bytes_held.png";
  write_chart(chart, results);
  std::cout << '\n' << chart.string() << ": bytes held as requests were served\n";
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char* argv[]) try {
  const Options options =
      parse_options(std::span<const char* const>(argv, static_cast<std::size_t>(argc)).subspan(1));
  if (options.help) {
    std::cout << help_text;
    return EXIT_SUCCESS;
  }
  return make_contact_sheet_and_compare(options);
} catch (const UsageError& error) {
  complain(std::string(error.what()) + "\nTry 'image_cache --help'.");
  return misunderstood;
} catch (const std::filesystem::filesystem_error& error) {
  complain(error.path1().string() + ": " + error.code().message());
  return failure;
} catch (const std::exception& error) {
  complain(error.what());
  return failure;
}

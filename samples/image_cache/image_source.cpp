module;

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "way.hpp"

module image_source;

import image;
import weakref;

namespace {

// Decodes for every request, even where another worker has the same picture in its hands.
class NoCache : public ImageSource {
 public:
  explicit NoCache(Decode decode) : decode_(std::move(decode)) {}

  weakref::strong_ref<Image> open(const std::string& name) override { return decode_(name); }

 private:
  Decode decode_;
};

// Decodes each picture once, and holds it for ever.
class StrongMap : public ImageSource {
 public:
  explicit StrongMap(Decode decode) : decode_(std::move(decode)) {}

  weakref::strong_ref<Image> open(const std::string& name) override {
    Entry& entry = find(name);
    const std::lock_guard lock(entry.decoding);
    if (!entry.image) entry.image = decode_(name);
    return entry.image;
  }

 private:
  struct Entry {
    std::mutex decoding;
    weakref::strong_ref<Image> image;
  };

  // The entry stays where it is: a map never moves what it holds.
  Entry& find(const std::string& name) {
    const std::lock_guard lock(mutex_);
    return images_[name];
  }

  Decode decode_;
  std::mutex mutex_;
  std::map<std::string, Entry> images_;
};

// Decodes a picture that nobody uses, and shares one that somebody does. It holds nothing itself: when the
// last user lets go, the picture is gone, and its entry with it.
class WeakCache : public ImageSource {
 public:
  explicit WeakCache(Decode decode) : decode_(std::move(decode)) {}

  weakref::strong_ref<Image> open(const std::string& name) override {
    return images_.get_or_create(name, [&] { return decode_(name); });
  }

 private:
  Decode decode_;
  weakref::WeakValueDictionary<std::string, Image> images_;
};

}  // namespace

std::unique_ptr<ImageSource> image_source(Way way, Decode decode) {
  switch (way) {
    case Way::no_cache:
      return std::make_unique<NoCache>(std::move(decode));
    case Way::strong_map:
      return std::make_unique<StrongMap>(std::move(decode));
    case Way::weak_cache:
      break;
  }
  return std::make_unique<WeakCache>(std::move(decode));
}

// Where a worker gets a picture from: the one place in which the three ways differ.
module;

#include <functional>
#include <memory>
#include <string>

#include "way.hpp"

export module image_source;

import image;
import weakref;

/// Thread-safe.
export class ImageSource {
 public:
  virtual ~ImageSource() = default;

  /// The picture of that name, decoded now or before; it stays decoded at least as long as the caller holds
  /// it. Throws: what decoding throws.
  virtual weakref::strong_ref<Image> open(const std::string& name) = 0;
};

export using Decode = std::function<weakref::strong_ref<Image>(const std::string& name)>;

export std::unique_ptr<ImageSource> image_source(Way way, Decode decode);

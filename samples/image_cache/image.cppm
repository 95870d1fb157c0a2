// A decoded picture that is shared: who uses it holds a strong reference, and a cache a weak one.
module;

#include "bitmap.hpp"
#include "held_bytes.hpp"

export module image;

import weakref;

/// Its bytes are in the account for exactly as long as it lives; the account has to outlive it.
export class Image : public weakref::object {
 public:
  Image(Bitmap bitmap, HeldBytes& account);
  ~Image() override;
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;

  [[nodiscard]] const Bitmap& bitmap() const { return bitmap_; }

 private:
  Bitmap bitmap_;
  HeldBytes& account_;
};

#include <openssl/evp.h>

#include <array>
#include <bit>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "harness/schedule.h"

namespace pushbench::harness {

namespace {

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// SHA-256 over numbers, each as eight bytes with the lowest first.
class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new()) {
    if (context_ == nullptr || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) {
      throw std::runtime_error("OpenSSL has no SHA-256");
    }
  }

  void add(std::uint64_t number) {
    if (used_ == buffer_.size()) flush();
    for (int shift = 0; shift < 64; shift += 8) {
      buffer_[used_++] = static_cast<unsigned char>(number >> shift);
    }
  }
  void add(net::Duration duration) { add(static_cast<std::uint64_t>(duration.count())); }
  void add(double number) { add(std::bit_cast<std::uint64_t>(number)); }
  void add(const Say& say) {
    add(say.due);
    add(std::uint64_t{say.user});
    add(std::uint64_t{say.bytes});
  }
  void add(const Cut& cut) {
    add(cut.due);
    add(std::uint64_t{cut.user});
  }
  void add(const Stay& stay) {
    add(stay.from);
    add(stay.until);
    add(std::uint64_t{stay.user});
  }
  void add(std::uint32_t number) { add(std::uint64_t{number}); }

  template <class Item>
  void add_all(const std::vector<Item>& items) {
    add(std::uint64_t{items.size()});  // so that no item can pass for one of the next list
    for (const Item& item : items) add(item);
  }

  /// The first 16 of its hex digits.
  std::string finish() {
    flush();
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    EVP_DigestFinal_ex(context_.get(), bytes.data(), nullptr);
    std::string digits;
    for (std::size_t i = 0; i < 8; ++i) {
      digits += "0123456789abcdef"[bytes[i] >> 4];
      digits += "0123456789abcdef"[bytes[i] & 15];
    }
    return digits;
  }

 private:
  void flush() { EVP_DigestUpdate(context_.get(), buffer_.data(), std::exchange(used_, 0)); }

  std::unique_ptr<EVP_MD_CTX, FreeDigest> context_;
  std::array<unsigned char, 4096> buffer_{};
  std::size_t used_ = 0;
};

}  // namespace

std::string Schedule::hash() const {
  Digest digest;
  digest.add(seed);
  digest.add(duration);
  digest.add(rooms);
  digest.add_all(says);
  digest.add_all(cuts);
  digest.add_all(stays);
  digest.add_all(poll_phases);
  digest.add_all(user_rooms);
  digest.add_all(user_groups);
  return digest.finish();
}

}  // namespace pushbench::harness

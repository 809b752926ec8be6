#include "net/random.h"

#include <sys/random.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace pushbench::net {

void Random::fill(std::span<std::uint8_t> out) {
  for (std::uint8_t& byte : out) {
    if (used_ == pool_.size()) {
      for (std::size_t n = 0; n < pool_.size();) {
        const ssize_t got = getrandom(pool_.data() + n, pool_.size() - n, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
          std::perror("net::Random: getrandom");
          std::abort();
        }
        n += static_cast<std::size_t>(got);
      }
      used_ = 0;
    }
    byte = pool_[used_++];
  }
}

}  // namespace pushbench::net

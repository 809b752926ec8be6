#pragma once

#include <memory>
#include <string>
#include <utility>

namespace pushbench::net {

/// Immutable bytes that any number of connections may have queued at once, without a copy.
using Bytes = std::shared_ptr<const std::string>;

inline Bytes make_bytes(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

}  // namespace pushbench::net

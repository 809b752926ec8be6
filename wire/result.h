#pragma once

#include <string>
#include <tl/expected.hpp>

namespace pushbench {

/// What went wrong, as one line: the place (a file and line, a flag, an address) and what would be
/// right.
struct Error {
  std::string where;
  std::string what;

  std::string line() const { return where.empty() ? what : where + ": " + what; }
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> failure(std::string where, std::string what) {
  return tl::unexpected<Error>({std::move(where), std::move(what)});
}

}  // namespace pushbench

#pragma once

#include <string>
#include <string_view>

#include "net/link.h"
#include "wire/result.h"

namespace pushbench::servers {

/// The emulated link that a server puts between itself and each connection. Whoever starts the
/// server knows how a link is written.
class LinkSetting {
 public:
  virtual ~LinkSetting() = default;
  virtual const net::LinkProfile& profile() const = 0;  // of the connections that come from now on
  virtual std::string json() const = 0;                 // what GET /link answers
  /// Does what a PUT /link asks for, or nothing of it; the error says what would be right.
  virtual Result<void> change(std::string_view json) = 0;
};

}  // namespace pushbench::servers

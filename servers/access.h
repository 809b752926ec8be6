#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/http.h"
#include "wire/result.h"

namespace pushbench::servers {

struct AccessOptions {
  std::vector<std::string> origins;  // of other sites whose pages may come: "https://chat.example"
  std::string token;                 // "": everybody may publish and subscribe
};

/// Who may talk to the server: pages of which origins (RFC 6454), and who holds the token.
class Access {
 public:
  explicit Access(const AccessOptions& options) : options_(options) {}

  enum class Origin {
    own,      // no browser, or a page of this very server
    listed,   // a page of an origin that is allowed: it needs CORS headers
    foreign,  // any other page
  };
  Origin origin_of(const wire::HttpMessage& request, bool secure) const;

  /// The CORS lines of an answer to a listed origin, each with its CRLF; with a preflight's answer
  /// also what the page may then send (Fetch standard §3.2).
  static std::string cors_lines(std::string_view origin, bool preflight);

  /// Whether the request has the token: in its Authorization (RFC 6750 §2.1), in the query as
  /// access_token, or as the subprotocol bearer.TOKEN. Browsers let pages set no header on a
  /// WebSocket or an EventSource, so that these have the other two.
  bool admits(const wire::HttpMessage& request, std::string_view query) const;

 private:
  const AccessOptions options_;
};

/// A token from a file that holds it in its first line.
Result<std::string> read_token(const std::string& path);

/// "https://chat.example:8443", or "*" for all; what a browser would put into Origin.
Result<void> check_origin(const std::string& text);

}  // namespace pushbench::servers

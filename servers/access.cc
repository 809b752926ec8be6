#include "servers/access.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "wire/target.h"
#include "wire/token.h"

namespace pushbench::servers {

namespace {
constexpr std::string_view kBearer = "bearer ";
constexpr std::string_view kBearerProtocol = "bearer.";
}  // namespace

Access::Origin Access::origin_of(const wire::HttpMessage& request, bool secure) const {
  if (!request.has_header("origin")) return Origin::own;
  const std::string_view origin = request.header("origin");
  const std::string own = fmt::format("{}://{}", secure ? "https" : "http", request.header("host"));
  if (wire::equals_ignoring_case(origin, own)) return Origin::own;
  const bool listed = std::any_of(
      options_.origins.begin(), options_.origins.end(), [origin](const std::string& allowed) {
        return allowed == "*" || wire::equals_ignoring_case(allowed, origin);
      });
  return listed ? Origin::listed : Origin::foreign;
}

std::string Access::cors_lines(std::string_view origin, bool preflight) {
  // Vary: a cache must not hand one origin's answer to another.
  std::string lines = fmt::format(
      "Access-Control-Allow-Origin: {}\r\nVary: Origin\r\n"
      "Access-Control-Expose-Headers: Room-Epoch, Retry-After\r\n",
      origin);
  if (preflight) {
    lines +=
        "Access-Control-Allow-Methods: GET, HEAD, POST, PUT\r\n"
        "Access-Control-Allow-Headers: Authorization, Content-Type, Last-Event-ID\r\n"
        "Access-Control-Max-Age: 600\r\n";
  }
  return lines;
}

bool Access::admits(const wire::HttpMessage& request, std::string_view query) const {
  if (options_.token.empty()) return true;
  std::string given;
  const std::string_view authorization = request.header("authorization");
  if (wire::equals_ignoring_case(authorization.substr(0, kBearer.size()), kBearer)) {
    given = authorization.substr(kBearer.size());
  } else if (const auto in_query = wire::query_value(query, "access_token")) {
    given = *in_query;
  } else {
    const std::string protocols = request.header_list("sec-websocket-protocol");
    const std::size_t at = protocols.find(kBearerProtocol);
    if (at != std::string::npos) {
      const std::size_t begin = at + kBearerProtocol.size();
      given = protocols.substr(begin, protocols.find_first_of(", \t", begin) - begin);
    }
  }
  return wire::same_secret(given, options_.token);
}

Result<std::string> read_token(const std::string& path) {
  std::ifstream file(path);
  if (!file) return failure(path, "cannot be read; name a file that holds the token");
  std::string token;
  std::getline(file, token);
  if (!token.empty() && token.back() == '\r') token.pop_back();
  if (!wire::is_bearer_token(token)) {
    return failure(path, "a token is one line of 16 to 256 of A-Z a-z 0-9 - . _ ~");
  }
  return token;
}

Result<void> check_origin(const std::string& text) {
  if (text == "*") return {};
  const std::size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  const std::string_view host = std::string_view(text).substr(scheme);
  if (scheme == 0 || host.empty() || host.find_first_of("/?#@ \t,") != std::string_view::npos) {
    return failure("--allow-origin " + text,
                   "write scheme, host and port alone, as in https://chat.example:8443, or *");
  }
  return {};
}

}  // namespace pushbench::servers

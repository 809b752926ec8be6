#include "wire/http_head.h"

#include <string>

#include "wire/target.h"

namespace pushbench::wire {

namespace {

/// How the body is coded: only chunks are known here. What names them in a way that another reader
/// could take otherwise is no message at all (RFC 9112 §6.1, §6.3).
std::optional<HttpError> transfer_coding_fault(const HttpMessage& message) {
  if (!message.has_header("transfer-encoding")) return std::nullopt;
  if (message.http_1_0()) return HttpError{400, "HTTP/1.0 has no Transfer-Encoding"};
  const std::string codings = message.header_list("transfer-encoding");
  if (equals_ignoring_case(codings, "chunked")) return std::nullopt;
  std::string_view rest = codings;
  std::string_view coding = take_member(rest);
  while (!rest.empty() && !coding.empty() && !equals_ignoring_case(coding, "chunked")) {
    coding = take_member(rest);
  }
  if (rest.empty() && equals_ignoring_case(coding, "chunked")) {
    return HttpError{501, "the only Transfer-Encoding that is spoken here is chunked"};
  }
  return HttpError{400, "Transfer-Encoding must be chunked, said once"};
}

std::optional<HttpError> host_fault(const HttpMessage& request) {
  const std::size_t hosts = request.count("host");
  if (hosts > 1) return HttpError{400, "there is more than one Host"};
  if (hosts == 0 && !request.http_1_0()) return HttpError{400, "HTTP/1.1 asks for a Host"};
  const std::string_view host = request.header("host");
  if (!host.empty() && !is_authority(host)) return HttpError{400, "Host is not host or host:port"};
  return std::nullopt;
}

/// 100-continue is the one expectation there is, and HTTP/1.0 has none (RFC 9110 §10.1.1).
bool expects_only_continue(const HttpMessage& request) {
  if (!request.has_header("expect") || request.http_1_0()) return true;
  const std::string expected = request.header_list("expect");
  for (std::string_view rest = expected; !rest.empty();) {
    const std::string_view member = take_member(rest);
    if (!member.empty() && !equals_ignoring_case(member, "100-continue")) return false;
  }
  return true;
}

}  // namespace

bool waits_for_continue(const HttpMessage& request) {
  return !request.http_1_0() && request.has_header("expect") &&
         has_token(request.header_list("expect"), "100-continue");
}

std::optional<HttpError> head_fault(const HttpMessage& message, bool is_request) {
  if (auto fault = transfer_coding_fault(message)) return fault;
  if (!is_request) return std::nullopt;
  if (auto fault = host_fault(message)) return fault;
  if (!is_target(message.method(), message.target())) {
    return HttpError{400, "the request target is neither a path nor an http URL"};
  }
  if (!expects_only_continue(message)) {
    return HttpError{417, "the only expectation that is met here is 100-continue"};
  }
  return std::nullopt;
}

}  // namespace pushbench::wire

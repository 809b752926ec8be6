#pragma once

#include <string>
#include <string_view>

#include "net/bytes.h"
#include "servers/answer.h"
#include "wire/http.h"

namespace pushbench::servers {

/// A page for browsers, whole: it loads nothing else.
struct Page {
  std::string path;  // where it is reached: "/race"; at "/" it shares its place with a text
  std::string type;  // its Content-Type
  net::Bytes body;
  std::string version;  // of A-Z a-z 0-9; another one for every other body or policy
  std::string policy;   // its Content-Security-Policy
};

/// Who gets the page at "/" and not the text: a browser, whose Accept names text/html. A program's
/// */* does not.
bool wants_html(const wire::HttpMessage& request);

/// What answers at "/" also tell a cache: the next client may get another one.
inline constexpr std::string_view kVaryByAccept = "Vary: Accept\r\n";

/// The page, or 304 where the request says that its sender has this version (RFC 9110 §13.1.2).
Answer answer_with(const Page& page, const wire::HttpMessage& request, const Answers& answers);

}  // namespace pushbench::servers

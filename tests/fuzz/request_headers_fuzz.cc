// A file of request headers. One that is taken holds whole lines that a server can read.

#include <fmt/format.h>

#include "clients/request_headers.h"
#include "tests/fuzz/fuzz.h"
#include "wire/http.h"

namespace {

using namespace pushbench;

/// Whether a request with these lines is one that HTTP knows, and nothing beyond it.
void expect_readable(std::string_view lines) {
  wire::HttpParser parser(wire::HttpParser::Kind::requests, {1 << 24, 0, 1 << 20});
  const std::string request = fmt::format("GET / HTTP/1.1\r\nHost: h\r\n{}\r\n", lines);
  const auto fed = parser.feed(request);
  fuzz::expect(fed && fed->complete && fed->consumed == request.size(), "no header lines");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Input input(data, size);
  const std::size_t cookie = input.option(0) ? 20 : 0;
  const auto read = clients::parse_request_headers(input.bytes(), "fuzzed.txt", cookie);
  if (!read) {
    fuzz::expect(read.error().where.starts_with("fuzzed.txt") && !read.error().what.empty(),
                 "no reason");
    return 0;
  }
  const clients::RequestHeaders headers = read->for_server("h", input.option(1));
  for (const auto& lines : {headers.fetch, headers.post, headers.event_stream, headers.websocket}) {
    expect_readable(lines);
    fuzz::expect(lines.find("{host}") == std::string::npos, "an address is missing");
  }
  return 0;
}

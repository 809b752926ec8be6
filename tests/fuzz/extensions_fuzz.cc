// Sec-WebSocket-Extensions and -Protocol: what a server and a client make of any value. Options: A
// the server forgets its context, B it has the client forget its own, D a small window of the
// server's, H one of the client's.

#include "tests/fuzz/fuzz.h"
#include "wire/extensions.h"

namespace pushbench::wire {
namespace {

std::string written(const std::vector<Extension>& extensions) {
  std::string header;
  for (const Extension& extension : extensions) {
    if (!header.empty()) header += ", ";
    header += extension.name;
    for (const auto& [name, value] : extension.parameters) {
      header += "; " + name;
      if (value) header += "=" + *value;
    }
  }
  return header;
}

bool is_window(int bits) { return bits >= 8 && bits <= 15; }

/// A server's answer keeps to both sides' wishes, and is one that a client can read.
void expect_sound_answer(const std::vector<Extension>& offers, const DeflateParameters& wanted) {
  const auto accepted = accept_deflate(offers, wanted);
  if (!accepted) return;
  const DeflateParameters& agreed = accepted->parameters;
  const std::string_view response = accepted->response;
  fuzz::expect(!wanted.server_no_context_takeover || agreed.server_no_context_takeover,
               "the server does not forget", response);
  fuzz::expect(!wanted.client_no_context_takeover || agreed.client_no_context_takeover,
               "the client need not forget", response);
  fuzz::expect(is_window(agreed.server_max_window_bits) && is_window(agreed.client_max_window_bits),
               "a window that there is not", response);
  fuzz::expect(agreed.server_max_window_bits <= wanted.server_max_window_bits,
               "a larger window than the server's", response);
  const auto read = check_accepted_deflate(response, {});
  fuzz::expect(read.has_value(), "an answer that no client reads", response);
  fuzz::expect(*read == agreed, "an answer that clients read differently", response);
}

/// What a client takes for an answer is no more than what it offered.
void expect_sound_check(std::string_view response, const DeflateParameters& offered) {
  const auto agreed = check_accepted_deflate(response, offered);
  if (!agreed) return fuzz::expect(!agreed.error().line().empty(), "an error that says nothing");
  fuzz::expect(
      is_window(agreed->server_max_window_bits) && is_window(agreed->client_max_window_bits),
      "a window that there is not", response);
  fuzz::expect(agreed->server_max_window_bits <= offered.server_max_window_bits &&
                   agreed->client_max_window_bits <= offered.client_max_window_bits,
               "a larger window than was offered", response);
}

}  // namespace
}  // namespace pushbench::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pushbench;
  const fuzz::Input input(data, size);
  const fuzz::Block header(input.bytes());
  const wire::DeflateParameters wanted{input.option(0), input.option(1), input.option(2) ? 10 : 15,
                                       input.option(3) ? 9 : 15};
  if (const auto extensions = wire::read_extensions(header.view())) {
    fuzz::expect(!extensions->empty(), "a list of nothing", header.view());
    const std::string again = wire::written(*extensions);
    const auto reread = wire::read_extensions(again);
    fuzz::expect(reread.has_value(), "written anew it cannot be read", again);
    fuzz::expect_same("written anew it differs", again, wire::written(*reread));
    wire::expect_sound_answer(*extensions, wanted);
  }
  wire::expect_sound_check(header.view(), wanted);
  if (const auto names = wire::read_subprotocols(header.view())) {
    for (const std::string& name : *names) {
      fuzz::expect(wire::read_subprotocols(name).has_value(), "not a name", name);
    }
  }
  return 0;
}

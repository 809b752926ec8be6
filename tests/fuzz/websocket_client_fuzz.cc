// WebSocketDecoder as a client has it. Options: see websocket.h.

#include "tests/fuzz/websocket.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pushbench;
  fuzz::decode_websocket(fuzz::Input(data, size), wire::WebSocketDecoder::Role::client);
  return 0;
}

#pragma once

#include <vector>

#include "servers/store.h"
#include "wire/deflate.h"
#include "wire/websocket.h"

namespace pushbench::servers {

/// The frames that carry one batch, each encoded once for all the sockets that can share it: the
/// plain one, and one for each window size of sockets that keep no context between messages.
class BatchFrames {
 public:
  explicit BatchFrames(const Batch& batch) : json_(batch.json) {}

  const net::Bytes& json() const { return json_; }

  const net::Bytes& plain() {
    if (plain_ == nullptr) {
      plain_ = net::make_bytes(wire::encode_frame(wire::Opcode::text, *json_, {}));
    }
    return plain_;
  }

  const net::Bytes& compressed(int window_bits) {
    for (const Compressed& known : compressed_) {
      if (known.window_bits == window_bits) return known.frame;
    }
    wire::Deflater deflater(window_bits, false);
    compressed_.push_back({window_bits, net::make_bytes(wire::encode_compressed_frame(
                                            deflater, wire::Opcode::text, *json_, {}))});
    return compressed_.back().frame;
  }

 private:
  struct Compressed {
    int window_bits;
    net::Bytes frame;
  };

  const net::Bytes json_;
  net::Bytes plain_;
  std::vector<Compressed> compressed_;
};

}  // namespace pushbench::servers

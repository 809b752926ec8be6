#pragma once

#include <array>
#include <string>
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

  /// The header alone: a server's frames are not masked, so that the payload is the batch itself.
  const net::Bytes& header() {
    if (header_ == nullptr) {
      std::array<char, wire::kMaxFrameHeader> bytes;
      const std::size_t size =
          wire::encode_frame_header({.opcode = wire::Opcode::text, .length = json_->size()}, bytes);
      header_ = net::make_bytes(std::string(bytes.data(), size));
    }
    return header_;
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
  net::Bytes header_;
  std::vector<Compressed> compressed_;
};

}  // namespace pushbench::servers

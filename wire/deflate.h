#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;  // zlib's

namespace pushbench::wire {

/// What both ends of a WebSocket agree on for permessage-deflate (RFC 7692 §7.1). A window of n
/// bits is 2^n bytes of text that a compressor may refer back to, 8 <= n <= 15; "no context
/// takeover" makes every message begin with an empty window.
struct DeflateParameters {
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  int server_max_window_bits = 15;
  int client_max_window_bits = 15;

  bool operator==(const DeflateParameters&) const = default;
};

/// Messages to compressed payloads (RFC 7692 §7.2.1). With a context it holds 2^(window_bits + 3)
/// bytes of memory from its first message on (256 KiB for 15 bits), without one nothing between
/// messages.
class Deflater {
 public:
  Deflater(int window_bits, bool keep_context);

  /// Appends the payload of one whole message.
  void compress(std::string_view message, std::string& out);

 private:
  struct Close {
    void operator()(z_stream_s* stream) const;
  };

  int window_bits_;
  bool keep_context_;
  std::unique_ptr<z_stream_s, Close> stream_;
};

/// Compressed payloads to messages (RFC 7692 §7.2.2), piece by piece. With a context it holds
/// 2^window_bits bytes and about 7 KiB from its first message on, without one nothing between
/// messages.
class Inflater {
 public:
  enum class Outcome {
    ok,
    corrupt,  // not DEFLATE, or it refers to further back than the window
    too_big,  // more than `limit`: `out` then has limit + 1 bytes
  };

  Inflater(int window_bits, bool keep_context);

  /// Appends to `out`, which holds the message so far, and stops when that is over `limit` bytes.
  /// An inflater that did not answer ok is spent.
  Outcome inflate(std::string_view piece, std::size_t limit, std::string& out);

  /// To be called after a message's last piece; puts back what its sender cut off.
  Outcome end_message(std::size_t limit, std::string& out);

 private:
  struct Close {
    void operator()(z_stream_s* stream) const;
  };

  int window_bits_;
  bool keep_context_;
  bool between_blocks_ = true;  // no DEFLATE block is unfinished
  std::unique_ptr<z_stream_s, Close> stream_;
};

}  // namespace pushbench::wire

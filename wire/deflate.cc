#include "wire/deflate.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>

namespace pushbench::wire {

namespace {

constexpr std::string_view kFlushTail("\0\0\xff\xff", 4);  // §7.2.1: not sent
constexpr std::string_view kEmptyBlock("\0", 1);           // §7.2.3.6, without its tail
constexpr std::size_t kBuffer = 16 * 1024;

/// zlib's buffers are not const and their sizes 32 bits wide. Returns how much of `input` it gets.
std::size_t set_input(z_stream& stream, std::string_view input) {
  const std::size_t size = std::min<std::size_t>(input.size(), std::numeric_limits<uInt>::max());
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
  stream.avail_in = static_cast<uInt>(size);
  return size;
}

void set_output(z_stream& stream, std::array<char, kBuffer>& buffer, std::size_t size) {
  stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
  stream.avail_out = static_cast<uInt>(size);
}

}  // namespace

Deflater::Deflater(int window_bits, bool keep_context)
    // zlib refuses 8 bits. With 9 it refers back at most 512 - 262 bytes, which 8 bits reach as
    // well.
    : window_bits_(std::max(window_bits, 9)), keep_context_(keep_context) {}

void Deflater::Close::operator()(z_stream_s* stream) const {
  deflateEnd(stream);
  delete stream;
}

void Deflater::compress(std::string_view message, std::string& out) {
  if (message.empty()) {
    out.append(kEmptyBlock);  // zlib flushes nothing where nothing was added since the last flush
    return;
  }
  if (stream_ == nullptr) {
    stream_.reset(new z_stream{});
    const int hash_level = window_bits_ - 7;  // as much memory for its tables as for its window
    if (deflateInit2(stream_.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED, -window_bits_, hash_level,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  std::array<char, kBuffer> buffer;
  while (!message.empty()) {
    message.remove_prefix(set_input(*stream_, message));
    do {
      set_output(*stream_, buffer, buffer.size());
      deflate(stream_.get(), message.empty() ? Z_SYNC_FLUSH : Z_NO_FLUSH);
      out.append(buffer.data(), buffer.size() - stream_->avail_out);
    } while (stream_->avail_out == 0);
  }
  out.resize(out.size() - kFlushTail.size());
  if (!keep_context_) stream_.reset();
}

Inflater::Inflater(int window_bits, bool keep_context)
    : window_bits_(window_bits), keep_context_(keep_context) {}

void Inflater::Close::operator()(z_stream_s* stream) const {
  inflateEnd(stream);
  delete stream;
}

Inflater::Outcome Inflater::inflate(std::string_view piece, std::size_t limit, std::string& out) {
  if (out.size() > limit) return Outcome::too_big;
  if (stream_ == nullptr) {
    stream_.reset(new z_stream{});
    if (inflateInit2(stream_.get(), -window_bits_) != Z_OK) throw std::bad_alloc();
  }
  std::array<char, kBuffer> buffer;
  do {  // what is inflated may fill the buffer more often than there are pieces
    const std::size_t given = set_input(*stream_, piece);
    // One byte over the limit is inflated, to see that there is one.
    const std::size_t room = std::min(buffer.size() - 1, limit - out.size()) + 1;
    set_output(*stream_, buffer, room);
    const int result = ::inflate(stream_.get(), Z_SYNC_FLUSH);
    piece.remove_prefix(given - stream_->avail_in);
    out.append(buffer.data(), room - stream_->avail_out);
    if (out.size() > limit) return Outcome::too_big;
    if (result == Z_MEM_ERROR) throw std::bad_alloc();
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) return Outcome::corrupt;
    // 128: right behind a block; the rest is how many bits of the last byte are still unread.
    between_blocks_ = result == Z_STREAM_END || (stream_->data_type & ~64) == 128;
    // A last block does not end the message (§7.2.3.4), nor what later ones may refer to.
    if (result == Z_STREAM_END) inflateResetKeep(stream_.get());
  } while (!piece.empty() || stream_->avail_out == 0);
  return Outcome::ok;
}

Inflater::Outcome Inflater::end_message(std::size_t limit, std::string& out) {
  const Outcome outcome = inflate(kFlushTail, limit, out);
  if (outcome != Outcome::ok) return outcome;
  if (!keep_context_) stream_.reset();
  return between_blocks_ ? Outcome::ok : Outcome::corrupt;
}

}  // namespace pushbench::wire

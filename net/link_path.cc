#include "net/link_path.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "net/write_queue.h"

namespace pushbench::net {

// ---- One direction

/// All that is sent in one go is delayed alike; the bandwidth spreads it.
void LinkLane::send(std::string bytes) {
  const Time from = now();
  const Duration delay = direction_.draw_delay();
  const std::size_t stretch = direction_.stretch();
  std::size_t at = 0;
  for (; bytes.size() - at > stretch; at += stretch) {
    const Time sent = direction_.occupy(stretch, from);
    add(sent + delay, bytes.substr(at, stretch), 0);
  }
  if (at > 0) bytes.erase(0, at);
  const Time sent = direction_.occupy(bytes.size(), from);
  add(sent + delay, std::move(bytes), 0);
}

void LinkLane::send_end(int code) {
  const Time sent = direction_.occupy(0, now());
  add(sent + direction_.draw_delay(), {}, code);
}

void LinkLane::fail(int code, Duration after) {
  clear();
  add(now() + after, {}, code);
}

void LinkLane::add(Time due, std::string bytes, int end) {
  last_due_ = std::max(last_due_, due);
  bytes_ += bytes.size();
  parcels_.push_back({last_due_, std::move(bytes), end});
}

LinkLane::Parcel LinkLane::take() {
  Parcel first = std::move(parcels_.front());
  parcels_.pop_front();
  bytes_ -= first.bytes.size();
  return first;
}

std::string LinkLane::take_bytes() {
  std::string all;
  const Time until = now();
  while (!parcels_.empty() && parcels_.front().end == 0 && parcels_.front().due <= until) {
    Parcel next = take();
    if (all.empty()) {
      all = std::move(next.bytes);
    } else {
      all += next.bytes;
    }
  }
  return all;
}

int LinkLane::take_end() { return has_arrival() && parcels_.front().end != 0 ? take().end : 0; }

void LinkLane::arm() {
  if (!parcels_.empty() && !timer_.active()) timer_.start_at(parcels_.front().due);
}

void LinkLane::clear() {
  timer_.cancel();
  parcels_.clear();
  bytes_ = 0;
}

// ---- The connection

LinkPath::LinkPath(Loop& loop, LinkDirection& out, LinkDirection& in, ChannelUser& user)
    : user_(user),
      socket_(loop, *this),
      out_(loop, out, Callback::to<&LinkPath::hand_to_socket>(this)),
      in_(loop, in, Callback::to<&LinkPath::hand_to_user>(this)),
      opening_(loop, Callback::to<&LinkPath::on_opened>(this)) {}

int LinkPath::take(int descriptor) {
  accepted_ = true;
  const int code = socket_.take(descriptor);
  if (code == 0) opening_.start_in(out_.draw_delay() + in_.draw_delay());
  return code;
}

void LinkPath::on_connected(int status) {
  connect_status_ = status;
  opening_.start_in(out_.draw_delay() + in_.draw_delay());
}

/// A peer whose connection was accepted has sent its first bytes at once, as its kernel did the
/// handshake over no link: they set out now.
void LinkPath::on_opened() {
  if (!accepted_) return user_.on_connected(connect_status_);
  if (reading_) start_reading();
}

void LinkPath::close() {
  opening_.cancel();
  out_.clear();
  in_.clear();
  socket_.close();
}

// ---- Out

int LinkPath::write(std::span<const uv_buf_t> buffers) {
  std::string bytes;
  for (const uv_buf_t& buffer : buffers) bytes.append(buffer.base, buffer.len);
  const auto taken = static_cast<int>(bytes.size());
  if (failed_) return taken;  // into the void, until the news is here
  out_.send(std::move(bytes));
  out_.arm();
  return taken;
}

int LinkPath::write_rest(std::vector<Bytes> /*pieces*/, std::span<const uv_buf_t> buffers) {
  return std::min(0, write(buffers));
}

/// Behind bytes that are lost nothing makes sense.
void LinkPath::write_last(uv_buf_t buffer) {
  if (drained()) socket_.write_last(buffer);
}

int LinkPath::end_output() {
  if (!failed_) out_.send_end(UV_EOF);
  out_.arm();
  return 0;
}

/// All that has arrived at the far end, in one write.
void LinkPath::hand_to_socket() {
  if (!socket_.takes_more()) return;  // on_drained() goes on
  std::string bytes = out_.take_bytes();
  if (!bytes.empty()) {
    if (const int code = write_to_socket(std::move(bytes)); code != 0) return fail(code);
    if (!socket_.takes_more()) return;
  }
  if (const int end = out_.take_end(); end != 0) {
    if (end != UV_EOF) return user_.on_drained(end);
    if (const int code = socket_.end_output(); code != 0) return fail(code);
  }
  out_.arm();
  if (out_.empty()) user_.on_drained(0);
}

int LinkPath::write_to_socket(std::string bytes) {
  const Bytes all = make_bytes(std::move(bytes));
  uv_buf_t buffer = buffer_of(*all);
  const int taken = socket_.write({&buffer, 1});
  if (taken < 0) return taken;
  buffer.base += taken;
  buffer.len -= static_cast<std::size_t>(taken);
  return buffer.len == 0 ? 0 : socket_.write_rest({all}, {&buffer, 1});
}

void LinkPath::on_drained(int status) {
  if (status != 0) return fail(status);
  hand_to_socket();
}

/// The socket broke at the far end: that news has the way back before it.
void LinkPath::fail(int code) {
  failed_ = true;
  out_.fail(code, in_.draw_delay());
  out_.arm();
}

// ---- In

void LinkPath::start_reading() {
  reading_ = true;
  if (accepted_ && opening_.active()) return;
  in_.arm();
  if (!input_ended_ && !in_.full()) socket_.start_reading();
}

void LinkPath::stop_reading() {
  reading_ = false;
  in_.disarm();
  socket_.stop_reading();
}

void LinkPath::on_input(std::span<char> bytes) {
  in_.send(std::string(bytes.data(), bytes.size()));
  in_.arm();
  if (in_.full()) socket_.stop_reading();
}

void LinkPath::on_input_end(int code) {
  input_ended_ = true;
  socket_.stop_reading();
  in_.send_end(code);
  in_.arm();
}

void LinkPath::hand_to_user() {
  while (reading_ && in_.has_arrival()) {
    LinkLane::Parcel parcel = in_.take();
    if (parcel.end != 0) return user_.on_input_end(parcel.end);
    user_.on_input(parcel.bytes);
  }
  if (open() && reading_) start_reading();
}

}  // namespace pushbench::net

// The floor under every server that pushes: libuv without any protocol. A subscriber gets as many
// bytes a message as a server that is compared with it would send, all that a loop turn owes it in
// one write. What a server takes beyond this is the price of its protocol and of its own making.
//
// A connection says in one line what it is:
//   subscribe    is answered "ok\n", and from then on gets --bytes-per-message bytes a message
//   publish      each further line is a message to all subscribers
//   echo         gets back every byte that follows

#include <uv.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

/// Once in each message: what a subscriber counts its deliveries by.
constexpr std::string_view kMarker = "^~";
constexpr std::size_t kMessagesInBlock = 256;

class Peer;

/// The listener, all who are connected, and the bytes that every subscriber gets.
class Floor {
 public:
  explicit Floor(std::size_t bytes_per_message);
  int listen(int port);  // a libuv error, or the port it listens on

  void publish(std::size_t messages) { published_ += messages; }
  void add_subscriber(Peer& peer) { subscribers_.push_back(&peer); }
  void remove_subscriber(Peer& peer) { std::erase(subscribers_, &peer); }
  const std::string& block() const { return block_; }
  std::size_t bytes_per_message() const { return block_.size() / kMessagesInBlock; }

  uv_loop_t loop;
  std::vector<char> read_buffer = std::vector<char>(64 * 1024);
  std::vector<uv_buf_t> gather;  // scratch for one write

 private:
  void end_turn();

  uv_tcp_t listener_;
  uv_check_t check_;
  std::vector<Peer*> subscribers_;
  std::string block_;          // messages one behind the other
  std::size_t published_ = 0;  // in this turn
};

/// One connection. It deletes itself when the other side ends it.
class Peer {
 public:
  explicit Peer(Floor& floor) : floor_(floor) { uv_tcp_init(&floor.loop, &tcp_); }
  void accept(uv_stream_t* listener);
  void owe(std::size_t messages);

 private:
  enum class Role { unknown, subscriber, publisher, echo };

  uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&tcp_); }
  void on_bytes(std::string_view bytes);
  void take_role(std::string_view line);
  void send(std::string_view bytes);
  void send_rest(std::size_t sent);
  void end();

  uv_tcp_t tcp_;
  Floor& floor_;
  Role role_ = Role::unknown;
  std::string line_;
  std::size_t owed_ = 0;    // bytes of messages that have not left
  std::size_t offset_ = 0;  // where in the block they begin
  bool writing_ = false;    // the socket was full: libuv has the rest
};

Floor::Floor(std::size_t bytes_per_message) {
  std::string message(kMarker);
  message.resize(bytes_per_message, '.');
  for (std::size_t i = 0; i < kMessagesInBlock; ++i) block_ += message;
  uv_loop_init(&loop);
  uv_check_init(&loop, &check_);
  check_.data = this;
  uv_check_start(&check_, [](uv_check_t* check) { static_cast<Floor*>(check->data)->end_turn(); });
}

int Floor::listen(int port) {
  sockaddr_in address;
  uv_ip4_addr("127.0.0.1", port, &address);
  uv_tcp_init(&loop, &listener_);
  listener_.data = this;
  int code = uv_tcp_bind(&listener_, reinterpret_cast<const sockaddr*>(&address), 0);
  if (code != 0) return code;
  code = uv_listen(reinterpret_cast<uv_stream_t*>(&listener_), 4096, [](uv_stream_t* s, int) {
    (new Peer(*static_cast<Floor*>(s->data)))->accept(s);
  });
  if (code != 0) return code;
  int length = sizeof(address);
  uv_tcp_getsockname(&listener_, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.sin_port);
}

void Floor::end_turn() {
  if (published_ == 0) return;
  for (Peer* peer : subscribers_) peer->owe(published_);
  published_ = 0;
}

void Peer::accept(uv_stream_t* listener) {
  tcp_.data = this;
  if (uv_accept(listener, stream()) != 0) return end();
  uv_tcp_nodelay(&tcp_, 1);
  uv_read_start(
      stream(),
      [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
        std::vector<char>& shared = static_cast<Peer*>(handle->data)->floor_.read_buffer;
        *buffer = uv_buf_init(shared.data(), static_cast<unsigned>(shared.size()));
      },
      [](uv_stream_t* handle, ssize_t n, const uv_buf_t* buffer) {
        auto* self = static_cast<Peer*>(handle->data);
        if (n < 0) return self->end();
        self->on_bytes({buffer->base, static_cast<std::size_t>(n)});
      });
}

void Peer::on_bytes(std::string_view bytes) {
  if (role_ == Role::unknown) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    line_ += bytes.substr(0, end);
    if (end == bytes.size()) return;
    bytes.remove_prefix(end + 1);
    take_role(line_);
  }
  if (role_ == Role::echo && !bytes.empty()) send(bytes);
  if (role_ != Role::publisher) return;
  floor_.publish(static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n')));
}

void Peer::take_role(std::string_view line) {
  role_ = line == "publish" ? Role::publisher : line == "echo" ? Role::echo : Role::subscriber;
  if (role_ != Role::subscriber) return;
  floor_.add_subscriber(*this);
  send("ok\n");
}

/// A few bytes for a socket that has room: who does not read them is cut.
void Peer::send(std::string_view bytes) {
  const uv_buf_t buffer =
      uv_buf_init(const_cast<char*>(bytes.data()), static_cast<unsigned>(bytes.size()));
  if (uv_try_write(stream(), &buffer, 1) != static_cast<int>(bytes.size())) end();
}

/// All that is owed, in one write; what does not fit into the socket waits with libuv.
void Peer::owe(std::size_t messages) {
  owed_ += messages * floor_.bytes_per_message();
  if (writing_ || owed_ == 0) return;
  const std::string& block = floor_.block();
  floor_.gather.clear();
  std::size_t from = offset_;
  for (std::size_t left = owed_; left > 0; from = 0) {
    const std::size_t piece = std::min(left, block.size() - from);
    floor_.gather.push_back(
        uv_buf_init(const_cast<char*>(block.data()) + from, static_cast<unsigned>(piece)));
    left -= piece;
  }
  const int sent =
      uv_try_write(stream(), floor_.gather.data(), static_cast<unsigned>(floor_.gather.size()));
  if (sent < 0 && sent != UV_EAGAIN) return;  // the read callback hears of it, too
  send_rest(static_cast<std::size_t>(std::max(sent, 0)));
}

void Peer::send_rest(std::size_t sent) {
  const std::string& block = floor_.block();
  offset_ = (offset_ + sent) % block.size();
  owed_ -= sent;
  if (owed_ == 0) return;
  const std::size_t piece = std::min(owed_, block.size() - offset_);
  const uv_buf_t buffer =
      uv_buf_init(const_cast<char*>(block.data()) + offset_, static_cast<unsigned>(piece));
  writing_ = true;
  auto request = std::make_unique<uv_write_t>();
  offset_ = (offset_ + piece) % block.size();
  owed_ -= piece;
  const int code = uv_write(request.get(), stream(), &buffer, 1, [](uv_write_t* done, int status) {
    const std::unique_ptr<uv_write_t> owned(done);
    auto* self = static_cast<Peer*>(done->handle->data);
    self->writing_ = false;
    if (status == 0) self->owe(0);
  });
  if (code == 0) (void)request.release();  // the callback owns it
}

void Peer::end() {
  if (uv_is_closing(reinterpret_cast<uv_handle_t*>(&tcp_))) return;
  floor_.remove_subscriber(*this);
  uv_close(reinterpret_cast<uv_handle_t*>(&tcp_),
           [](uv_handle_t* handle) { delete static_cast<Peer*>(handle->data); });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A libuv server without a protocol: what a server that pushes costs at least");
  int port = 0;
  std::size_t bytes_per_message = 128;
  app.add_option("--port", port, "TCP port on 127.0.0.1; 0 picks a free one")
      ->check(CLI::Range(0, 65535));
  app.add_option("--bytes-per-message", bytes_per_message,
                 "What a subscriber gets for each message")
      ->check(CLI::Range(2, 65536));
  CLI11_PARSE(app, argc, argv);

  const auto floor = std::make_unique<Floor>(bytes_per_message);
  const int listening = floor->listen(port);
  if (listening < 0) {
    std::fprintf(stderr, "floor: port %d: %s\n", port, uv_strerror(listening));
    return 1;
  }
  std::printf("floor: 127.0.0.1:%d\n", listening);
  std::fflush(stdout);
  return uv_run(&floor->loop, UV_RUN_DEFAULT);
}

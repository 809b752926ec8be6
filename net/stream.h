#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "net/address.h"
#include "net/bytes.h"
#include "net/channel.h"
#include "net/loop.h"
#include "net/traffic.h"
#include "wire/result.h"

namespace pushbench::net {

class Link;
class NetworkCount;
class Tap;
class TlsContext;

class StreamListener {
 public:
  virtual ~StreamListener() = default;
  virtual void on_open() = 0;  // connected, TLS's handshake done; not called for accepted streams
  virtual void on_bytes(
      std::span<char> bytes) = 0;  // in a buffer of the loop's: valid during the call
  /// The kernel has accepted all that was queued; after end_after_flush() our side has ended, too.
  virtual void on_flushed() {}
  /// The peer sends no more (FIN; close_notify under TLS). True: something is still owed to it, and
  /// the listener will end the stream. False: the stream ends as soon as all that is queued has
  /// left, and on_end("") follows. Not called after end_after_flush().
  virtual bool on_peer_done() { return false; }
  /// The stream is of no more use: both sides have ended it ("" as reason), it failed, or it could
  /// not be opened. Called once; never from within write(), end_after_flush() or abort(). The
  /// listener may not destroy the stream inside a callback: it does so when the turn ends.
  virtual void on_end(const std::string& reason) = 0;
};

/// A TCP stream, with TLS or without. What is written during a turn leaves in one system call when
/// the turn ends; more than 64 KiB under TLS take one for each 64 KiB.
/// The Traffic it counts into and its TlsContext must outlive it.
class Stream final : private ChannelUser {
 public:
  /// A stream for an accepted socket, which it then owns. With `tls` it is the server of TLS. With
  /// a link that is not ideal, all that passes takes its time over it. Either may be null.
  static Result<std::unique_ptr<Stream>> accept(Loop& loop, int socket, TlsContext* tls,
                                                std::unique_ptr<Link> link);
  /// Begins to connect; the listener's on_open or on_end tells how it went. With a link that is not
  /// ideal, all that passes takes its time over it; the link must outlive the stream. `from`
  /// is the address to connect from, with port 0; null: the kernel chooses. A tap, if there is one,
  /// sees what passes.
  static Result<std::unique_ptr<Stream>> connect(Loop& loop, const Address& to,
                                                 StreamListener& listener, Traffic& traffic,
                                                 TlsContext* tls = nullptr, Link* link = nullptr,
                                                 const Address* from = nullptr, Tap* tap = nullptr);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void start(StreamListener& listener, Traffic& traffic);  // begins to read an accepted stream
  void set_listener(StreamListener& listener) { listener_ = &listener; }
  void pause_reading();   // on_bytes and on_peer_done are not called until resume_reading()
  void resume_reading();  // what is at hand comes later in this turn or in the next one

  void write(Bytes bytes);  // before the stream is open too; then it leaves as soon as it is
  void write(std::string bytes) { write(make_bytes(std::move(bytes))); }
  /// Ends our direction once all that is queued has left. What still comes in is counted and
  /// dropped, so that the peer is not reset before it has read the last answer (RFC 9112 §9.6);
  /// on_end("") comes when the peer ends too. Whoever calls this bounds the time, with abort().
  void end_after_flush();
  void abort();  // closes at once, dropping what is queued; no on_end

  std::size_t queued() const;  // bytes that the kernel has not accepted yet
  /// About what they take in memory: a piece has its price, however small it is.
  std::size_t queue_memory() const;
  std::uint64_t sent() const;  // bytes that the kernel has accepted in all, TLS's own included
  bool open() const { return channel_ != nullptr && channel_->open(); }
  bool ready() const { return connected_ && open() && !handshaking(); }  // TLS's handshake is done

  bool secure() const { return tls_ != nullptr; }
  std::string tls_version() const;  // "TLSv1.3"; "" without TLS
  bool session_resumed() const;     // TLS took up an earlier session

 private:
  friend class Loop;
  struct Tls;
  struct Extras;

  Stream(Loop& loop, TlsContext* tls);
  bool handshaking() const;  // what is written waits for TLS

  void on_connected(int status) override;
  void on_input(std::span<char> bytes) override;
  void on_input_end(int code) override;
  void on_taken(std::size_t bytes) override;
  void on_drained(int status) override;

  void count_read(std::span<const char> plain);
  void on_cipher(std::span<const char> cipher);
  void deliver(std::span<char> plain);
  void deliver_held();
  bool holds_input() const;
  void on_peer_done();

  void flush_later();
  void flush();
  bool send_plain();
  bool send_encrypted();
  bool encrypt_next();
  bool write_rest(std::vector<Bytes> pieces, std::span<const uv_buf_t> buffers);
  std::vector<Bytes> take_queue();
  void drop_queue();
  void tell_flushed();
  void gather(std::vector<uv_buf_t>& buffers) const;
  void advance(std::size_t taken);

  void end_our_side();
  void end_with_farewell(const std::string& reason);
  void end(const std::string& reason);
  NetworkCount& network();  // of a stream that connect() made, while it is open
  void finish_network_count();

  Extras& extras();

  Loop& loop_;
  std::unique_ptr<Channel> channel_;
  std::unique_ptr<Tls> tls_;
  std::unique_ptr<Extras> extras_;  // null: it has none
  StreamListener* listener_ = nullptr;
  Traffic* traffic_ = nullptr;
  // What is queued, in order: mostly one piece, which needs no room of its own, or none.
  Bytes first_;
  std::unique_ptr<std::vector<Bytes>> more_;
  std::size_t queued_ = 0;  // bytes in these that have not left
  std::uint64_t sent_in_all_ = 0;
  bool connected_ = false;
  bool paused_ = false;
  bool waits_for_flush_ = false;
  bool owes_on_flushed_ = false;  // something was written since the last one
  bool ends_after_flush_ = false;
  bool our_side_ended_ = false;  // FIN was sent, or is on its way to the socket
  bool peer_done_ = false;
};

}  // namespace pushbench::net

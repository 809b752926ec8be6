#pragma once

#include <string>
#include <string_view>

namespace pushbench::clients {

// What the clients ask for, to the byte: they send these, and the byte model counts them. What is
// made again and again takes a spare string: its memory is used for what is returned.

/// `after` is a cursor as a query takes it: "k3f9.17".
std::string poll_target(std::string_view room, std::string_view after, std::string spare = {});
std::string long_poll_target(std::string_view room, std::string_view after, double hold_s,
                             std::string spare = {});
std::string events_target(std::string_view room, std::string_view after);
std::string socket_target(std::string_view room, std::string_view after);
std::string messages_target(std::string_view room);  // to be posted to

// Of servers with other dialects; `path` is that of the server's URL, whatever it is.

/// The path, or `usual` where it names nothing: "" or "/".
std::string_view path_or(std::string_view path, std::string_view usual);
/// The path with the room's name in the place of each {room}.
std::string with_room(std::string_view path, std::string_view room);

/// What the requests on a connection have in common.
struct RequestStyle {
  std::string_view host;     // "127.0.0.1:8080"
  std::string_view headers;  // whole lines beyond those that HTTP asks for
  bool close_each = false;   // the connection ends with the answer
};

/// `more_headers`, whole lines, go into this request alone.
std::string get_request(const RequestStyle& style, std::string_view target,
                        std::string_view more_headers = {}, std::string spare = {});
std::string post_request(const RequestStyle& style, std::string_view target, std::string_view body,
                         std::string spare = {});

}  // namespace pushbench::clients

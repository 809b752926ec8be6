#include "clients/http_publisher.h"

#include <fmt/format.h>

#include <utility>

namespace pushbench::clients {

void HttpPublisher::publish(const std::string& room, const Draft& draft) {
  const std::string body = wire::encode_draft(draft);
  std::string request = fmt::format(
      "POST /rooms/{}/messages HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n"
      "Content-Length: {}\r\n\r\n{}",
      room, shared_.server.text(), body.size(), body);
  if (connection_.waiting()) return requests_.push_back(std::move(request));
  connection_.send(std::move(request));
}

void HttpPublisher::on_response(const wire::HttpMessage& response) {
  shared_.listener.on_exchange(client_, Ended::published);
  if (response.status() != 201 && response.status() != 200) {
    return shared_.listener.on_failure(
        client_,
        {fmt::format("publish answered {}", response.status()), std::string(response.body())});
  }
  if (requests_.empty()) return;
  std::string next = std::move(requests_.front());
  requests_.pop_front();
  connection_.send(std::move(next));
}

void HttpPublisher::on_connection_failed(const Error& error) {
  requests_.clear();  // a later draft must not overtake them
  shared_.listener.on_failure(client_, error);
}

}  // namespace pushbench::clients

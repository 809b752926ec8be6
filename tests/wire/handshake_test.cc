#include "wire/handshake.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "wire/http.h"

namespace pushbench::wire {
namespace {

constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view kRequest =
    "GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Origin: http://example.com\r\nSec-WebSocket-Version: 13\r\n\r\n";
constexpr std::string_view kAnswer =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

std::string with(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const std::size_t at = out.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return out.replace(at, from.size(), to);
}

class Handshake : public testing::Test {
 protected:
  const HttpMessage& parsed(HttpParser& parser, std::string_view bytes) {
    const auto fed = parser.feed(bytes);
    EXPECT_TRUE(fed && fed->complete) << bytes;
    return parser.message();
  }

  tl::expected<AcceptedUpgrade, HttpError> accept(std::string_view request,
                                                  const UpgradeOptions& options = {},
                                                  std::string_view more_headers = {}) {
    HttpParser parser(HttpParser::Kind::requests, {});
    return accept_upgrade(parsed(parser, request), options, more_headers);
  }

  int refused_with(std::string_view request) {
    const auto answer = accept(request);
    EXPECT_FALSE(answer) << "was accepted: " << request;
    if (answer) return 101;
    EXPECT_FALSE(answer.error().what.empty());
    return answer.error().status;
  }

  std::string refusal(std::string_view response) {
    HttpParser parser(HttpParser::Kind::responses, {});
    const auto agreed = check_upgrade(parsed(parser, response), kKey);
    return agreed ? "" : agreed.error();
  }
};

TEST_F(Handshake, AnswersTheRequestOfTheRfc) {
  const auto answer = accept(kRequest);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->head, kAnswer);
}

TEST_F(Handshake, ComparesTokensWithoutCaseAndWithinLists) {
  EXPECT_TRUE(accept(with(kRequest, "Upgrade: websocket", "uPGRADE: h2c, WebSocket")));
  EXPECT_TRUE(accept(with(kRequest, "Connection: Upgrade", "connection: keep-alive, upgrade")));
}

TEST_F(Handshake, IgnoresBlanksAroundValues) {
  EXPECT_TRUE(accept(with(kRequest, "Version: 13\r\n", "Version:\t13 \t\r\n")));
  const auto answer = accept(with(kRequest, "ZQ==\r\n", "ZQ==  \r\n"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->head, kAnswer);
}

TEST_F(Handshake, RefusesAnotherMethodThanGet) {
  EXPECT_EQ(refused_with(with(kRequest, "GET", "POST")), 400);
}

TEST_F(Handshake, RefusesHttp10) {
  EXPECT_EQ(refused_with(with(kRequest, "HTTP/1.1", "HTTP/1.0")), 426);
}

TEST_F(Handshake, AsksForAnUpgradeWhereThereIsNone) {
  EXPECT_EQ(refused_with("GET /chat HTTP/1.1\r\nHost: a\r\n\r\n"), 426);
  EXPECT_EQ(refused_with(with(kRequest, "Upgrade: websocket\r\n", "")), 426);
  EXPECT_EQ(refused_with(with(kRequest, "Upgrade: websocket", "Upgrade: h2c")), 426);
  EXPECT_EQ(refused_with(with(kRequest, "Upgrade: websocket", "Upgrade: websockets")), 426);
  EXPECT_EQ(refused_with(with(kRequest, "Connection: Upgrade\r\n", "")), 426);
  EXPECT_EQ(refused_with(with(kRequest, "Connection: Upgrade", "Connection: keep-alive")), 426);
}

TEST_F(Handshake, AsksForVersion13) {
  EXPECT_EQ(refused_with(with(kRequest, "Version: 13", "Version: 8")), 426);
  EXPECT_EQ(refused_with(with(kRequest, "Version: 13", "Version: 130")), 426);
  EXPECT_EQ(refused_with(with(kRequest, "Sec-WebSocket-Version: 13\r\n", "")), 426);
}

TEST_F(Handshake, RefusesAKeyThatIsNot16Bytes) {
  EXPECT_EQ(refused_with(with(kRequest, "dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ=")), 400);
  EXPECT_EQ(refused_with(with(kRequest, "dGhlIHNhbXBsZSBub25jZQ==", "")), 400);
  EXPECT_EQ(refused_with(with(kRequest, "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ!!")),
            400);
  EXPECT_EQ(refused_with(with(kRequest, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "")),
            400);
}

TEST_F(Handshake, AClientsRequestIsWhatAServerAccepts) {
  const std::string request = encode_upgrade_request("[::1]:8080", "/rooms/a/socket?after=3", kKey);
  HttpParser parser(HttpParser::Kind::requests, {});
  const HttpMessage& message = parsed(parser, request);
  EXPECT_EQ(message.method(), "GET");
  EXPECT_EQ(message.target(), "/rooms/a/socket?after=3");
  EXPECT_EQ(message.header("host"), "[::1]:8080");
  EXPECT_TRUE(message.upgrade());
  const auto answer = accept_upgrade(message);
  ASSERT_TRUE(answer);
  EXPECT_EQ(refusal(answer->head), "");
}

TEST_F(Handshake, AClientTakesTheAnswerOfTheRfc) {
  EXPECT_EQ(refusal(kAnswer), "");
  EXPECT_EQ(refusal(with(kAnswer, "Upgrade: websocket", "UPGRADE: WebSocket")), "");
}

TEST_F(Handshake, AClientSaysWhichStatusItGotInstead) {
  EXPECT_EQ(refusal("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
            "the server answered 404 to the upgrade");
  EXPECT_EQ(refusal(with(kAnswer, "101 Switching Protocols", "204 No Content")),
            "the server answered 204 to the upgrade");
}

TEST_F(Handshake, AClientRefusesA101ForAnotherProtocol) {
  const std::string reason = "the server's 101 does not name the WebSocket protocol";
  EXPECT_EQ(refusal(with(kAnswer, "Upgrade: websocket\r\n", "")), reason);
  EXPECT_EQ(refusal(with(kAnswer, "Upgrade: websocket", "Upgrade: h2c")), reason);
  EXPECT_EQ(refusal(with(kAnswer, "Connection: Upgrade\r\n", "")), reason);
  EXPECT_EQ(refusal(with(kAnswer, "Connection: Upgrade", "Connection: close")), reason);
}

TEST_F(Handshake, AClientRefusesAnAcceptThatDoesNotFitItsKey) {
  const std::string reason = "the server's Sec-WebSocket-Accept does not fit the key";
  EXPECT_EQ(refusal(with(kAnswer, "s3pPLMB", "S3pPLMB")), reason);
  EXPECT_EQ(refusal(with(kAnswer, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", "")),
            reason);
}

TEST_F(Handshake, AClientRefusesWhatItDidNotOffer) {
  EXPECT_EQ(refusal(with(kAnswer, "\r\n\r\n",
                         "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n")),
            "the server chose an extension that was not offered");
  EXPECT_EQ(refusal(with(kAnswer, "\r\n\r\n", "\r\nSec-WebSocket-Protocol: chat\r\n\r\n")),
            "the server chose a subprotocol that was not offered");
}

TEST_F(Handshake, ReadsSeveralHeadersOfANameAsOneList) {
  EXPECT_TRUE(accept(
      with(kRequest, "Connection: Upgrade", "Connection: keep-alive\r\nConnection: Upgrade")));
  EXPECT_TRUE(accept(with(kRequest, "Upgrade: websocket", "Upgrade: h2c\r\nUpgrade: websocket")));
}

TEST_F(Handshake, RefusesADoubledKeyOrVersion) {
  const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  EXPECT_EQ(refused_with(with(kRequest, key, key + key)), 400);
  const std::string version = "Sec-WebSocket-Version: 13\r\n";
  EXPECT_EQ(refused_with(with(kRequest, version, version + version)), 400);
  EXPECT_EQ(refused_with(with(kRequest, version, version + "Sec-WebSocket-Version: 8\r\n")), 400);
  EXPECT_EQ(refused_with(with(kRequest, "Version: 13", "Version: 13, 8")), 426);
}

TEST_F(Handshake, ChoosesItsSubprotocolWhereItIsOffered) {
  for (const char* offer :
       {"Sec-WebSocket-Protocol: pushbench\r\n",
        "Sec-WebSocket-Protocol: chat, pushbench , superchat\r\n",
        "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: pushbench\r\n"}) {
    const auto answer = accept(with(kRequest, "Origin:", offer + std::string("Origin:")));
    ASSERT_TRUE(answer) << offer;
    EXPECT_EQ(answer->subprotocol, "pushbench");
    EXPECT_EQ(answer->head,
              with(kAnswer, "\r\n\r\n", "\r\nSec-WebSocket-Protocol: pushbench\r\n\r\n"));
  }
}

TEST_F(Handshake, GoesOnWithoutASubprotocolThatItDoesNotSpeak) {
  for (const char* offer : {"chat", "Pushbench", "pushbench2"}) {
    const auto answer = accept(
        with(kRequest, "Origin:", fmt::format("Sec-WebSocket-Protocol: {}\r\nOrigin:", offer)));
    ASSERT_TRUE(answer) << offer;
    EXPECT_EQ(answer->subprotocol, "");
    EXPECT_EQ(answer->head, kAnswer);
  }
}

TEST_F(Handshake, RefusesListsThatAreMalformed) {
  for (const char* header :
       {"Sec-WebSocket-Protocol: a b", "Sec-WebSocket-Protocol:", "Sec-WebSocket-Protocol: a/b",
        "Sec-WebSocket-Extensions: permessage-deflate;",
        "Sec-WebSocket-Extensions:", "Sec-WebSocket-Extensions: a; b=\"1 2\""}) {
    EXPECT_EQ(refused_with(with(kRequest, "Origin:", fmt::format("{}\r\nOrigin:", header))), 400)
        << header;
  }
}

TEST_F(Handshake, AgreesOnCompressionWhereBothWantIt) {
  const std::string offering = with(kRequest, "Origin:",
                                    "Sec-WebSocket-Extensions: mux\r\nSec-WebSocket-Extensions: "
                                    "permessage-deflate; server_max_window_bits=10\r\nOrigin:");
  const auto answer =
      accept(offering, {.compression = DeflateParameters{.server_no_context_takeover = true}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->compression, (DeflateParameters{true, false, 10, 15}));
  EXPECT_EQ(answer->head,
            with(kAnswer, "\r\n\r\n",
                 "\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; "
                 "server_max_window_bits=10\r\n\r\n"));
}

TEST_F(Handshake, DoesNotCompressWhereOneDoesNotWantTo) {
  const auto unwanted =
      accept(with(kRequest, "Origin:", "Sec-WebSocket-Extensions: permessage-deflate\r\nOrigin:"));
  ASSERT_TRUE(unwanted);
  EXPECT_FALSE(unwanted->compression);
  EXPECT_EQ(unwanted->head, kAnswer);
  const auto not_offered = accept(kRequest, {.compression = DeflateParameters{}});
  ASSERT_TRUE(not_offered);
  EXPECT_FALSE(not_offered->compression);
  EXPECT_EQ(not_offered->head, kAnswer);
}

TEST_F(Handshake, PutsMoreHeadersIntoTheAnswer) {
  const auto answer = accept(kRequest, {}, "Server: x\r\nDate: y\r\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->head, with(kAnswer, "\r\n\r\n", "\r\nServer: x\r\nDate: y\r\n\r\n"));
}

TEST_F(Handshake, AClientMayOfferCompressionASubprotocolAndMoreHeaders) {
  const DeflateParameters wanted{false, true, 12, 15};
  const std::string request =
      encode_upgrade_request("a", "/", kKey, wanted, kSubprotocol, "Origin: http://a\r\n");
  HttpParser parser(HttpParser::Kind::requests, {});
  const HttpMessage& message = parsed(parser, request);
  EXPECT_EQ(message.header("origin"), "http://a");
  const auto answer = accept_upgrade(message, {.compression = DeflateParameters{}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->subprotocol, "pushbench");
  EXPECT_EQ(answer->compression, wanted);
  HttpParser responses(HttpParser::Kind::responses, {});
  const auto agreed = check_upgrade(parsed(responses, answer->head), kKey, wanted, kSubprotocol);
  ASSERT_TRUE(agreed) << agreed.error();
  EXPECT_EQ(*agreed, wanted);
}

TEST_F(Handshake, AClientGoesOnWithoutWhatTheServerDidNotChoose) {
  HttpParser parser(HttpParser::Kind::responses, {});
  const auto agreed =
      check_upgrade(parsed(parser, kAnswer), kKey, DeflateParameters{}, kSubprotocol);
  ASSERT_TRUE(agreed) << agreed.error();
  EXPECT_FALSE(*agreed);
}

TEST_F(Handshake, AClientRefusesAnotherSubprotocolThanItOffered) {
  for (const char* chosen :
       {"chat", "", "pushbench, chat", "pushbench\r\nSec-WebSocket-Protocol: pushbench"}) {
    HttpParser parser(HttpParser::Kind::responses, {});
    const auto agreed = check_upgrade(
        parsed(parser, with(kAnswer, "\r\n\r\n",
                            fmt::format("\r\nSec-WebSocket-Protocol: {}\r\n\r\n", chosen))),
        kKey, {}, kSubprotocol);
    ASSERT_FALSE(agreed) << chosen;
    EXPECT_EQ(agreed.error(), "the server chose a subprotocol that was not offered");
  }
}

TEST_F(Handshake, AClientRefusesADoubledAccept) {
  const std::string line = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
  EXPECT_EQ(refusal(with(kAnswer, line, line + line)),
            "the server's Sec-WebSocket-Accept does not fit the key");
}

TEST_F(Handshake, AClientRefusesDoubledExtensions) {
  for (const char* second : {"permessage-deflate", "", ","}) {
    HttpParser parser(HttpParser::Kind::responses, {});
    const auto agreed = check_upgrade(
        parsed(parser, with(kAnswer, "\r\n\r\n",
                            fmt::format("\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"
                                        "Sec-WebSocket-Extensions: {}\r\n\r\n",
                                        second))),
        kKey, DeflateParameters{});
    ASSERT_FALSE(agreed) << second;
    EXPECT_EQ(agreed.error(), "the server's Sec-WebSocket-Extensions must be there once");
  }
}

TEST_F(Handshake, AClientRefusesCompressionOtherThanItOffered) {
  HttpParser parser(HttpParser::Kind::responses, {});
  const auto agreed = check_upgrade(
      parsed(parser,
             with(kAnswer, "\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n")),
      kKey, DeflateParameters{.server_no_context_takeover = true});
  ASSERT_FALSE(agreed);
  EXPECT_EQ(agreed.error(),
            "Sec-WebSocket-Extensions: the server did not take up server_no_context_takeover");
}

TEST(WebSocketKeys, GiveTheAcceptKeyOfTheRfc) {
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(WebSocketKeys, EncodeTheNonceOfTheRfc) {
  std::array<std::uint8_t, 16> nonce;
  const std::string text = "the sample nonce";
  std::copy(text.begin(), text.end(), nonce.begin());
  EXPECT_EQ(encode_websocket_key(nonce), "dGhlIHNhbXBsZSBub25jZQ==");
}

TEST(WebSocketKeys, AreSixteenBytesInBase64) {
  EXPECT_TRUE(is_websocket_key("dGhlIHNhbXBsZSBub25jZQ=="));
  EXPECT_TRUE(is_websocket_key("++++////AZaz0189abcdeA=="));
  EXPECT_FALSE(is_websocket_key(""));
  EXPECT_FALSE(is_websocket_key("=="));
  EXPECT_FALSE(is_websocket_key("dGhlIHNhbXBsZSBub25jZQ="));
  EXPECT_FALSE(is_websocket_key("dGhlIHNhbXBsZSBub25jZQ==="));
  EXPECT_FALSE(is_websocket_key("dGhlIHNhbXBsZSBub25jZQAA"));
  EXPECT_FALSE(is_websocket_key("dGhlIHNhbXBsZSBub25jZ==="));
  EXPECT_FALSE(is_websocket_key("dGhlIHNhbXBsZSBub25jZ-=="));
  EXPECT_FALSE(is_websocket_key("dGhlIHNhbXBsZSBub25jZ Q="));
}

}  // namespace
}  // namespace pushbench::wire

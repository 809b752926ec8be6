#include "wire/extensions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace pushbench::wire {
namespace {

using testing::HasSubstr;

/// A header and its reading in one spelling: [name; parameter=value] for each extension.
std::string read(std::string_view header) {
  const auto extensions = read_extensions(header);
  if (!extensions) return "malformed";
  std::string out;
  for (const Extension& extension : *extensions) {
    out += "[" + extension.name;
    for (const auto& [name, value] : extension.parameters) {
      out += "; " + name;
      if (value) out += "=" + *value;
    }
    out += "]";
  }
  return out;
}

TEST(ExtensionsHeader, ReadsTheExamplesOfRfc6455) {
  EXPECT_EQ(read("foo"), "[foo]");
  EXPECT_EQ(read("bar; baz=2"), "[bar; baz=2]");
  EXPECT_EQ(read("foo, bar; baz=2"), "[foo][bar; baz=2]");
  EXPECT_EQ(read("deflate-stream"), "[deflate-stream]");
  EXPECT_EQ(read("mux; max-channels=4; flow-control, deflate-stream"),
            "[mux; max-channels=4; flow-control][deflate-stream]");
  EXPECT_EQ(read("private-extension"), "[private-extension]");
}

TEST(ExtensionsHeader, AllowsBlanksBetweenItsParts) {
  EXPECT_EQ(read(" \t a ;b = 1 ; c\t, d "), "[a; b=1; c][d]");
  EXPECT_EQ(read("a;b=1;c,d"), "[a; b=1; c][d]");
}

TEST(ExtensionsHeader, DoesNotCountEmptyElements) { EXPECT_EQ(read(", a,, ,b ,"), "[a][b]"); }

TEST(ExtensionsHeader, UnquotesValues) {
  EXPECT_EQ(read("a; b=\"10\""), "[a; b=10]");
  EXPECT_EQ(read("a; b = \"x\\yz\" ; c"), "[a; b=xyz; c]");
  EXPECT_EQ(read("a; b=\"\\1\\0\", d"), "[a; b=10][d]");
}

TEST(ExtensionsHeader, RefusesAQuotedValueThatIsNoTokenWhenUnquoted) {
  for (const char* header : {"a; b=\"\"", "a; b=\"1 2\"", "a; b=\"1,2\"", "a; b=\"1;2\"",
                             "a; b=\"\\\"\"", "a; b=\"\\ \"", "a; b=\"\xC3\xA9\""}) {
    EXPECT_EQ(read(header), "malformed") << header;
  }
}

TEST(ExtensionsHeader, RefusesWhatTheGrammarDoesNotHave) {
  for (const char* header :
       {"",           " ",        ",",           ", ,",      ";",       "=",        "a;",
        "a;;b",       "a;=1",     "a; b=",       "a; b==1",  "a; b=,c", "a b",      "a; b c",
        "a; b=1 2",   "a=1",      "a/b",         "a@",       "\"a\"",   "a; \"b\"", "a; b=\"1",
        "a; b=\"1\\", "a; b=1\"", "a; b=\"1\"2", "a; b=(1)", "a\x7F",   "a\x01",    "\xC3\xA9"}) {
    EXPECT_EQ(read(header), "malformed") << header;
  }
}

TEST(ExtensionsHeader, SaysWhereItIsMalformed) {
  const auto extensions = read_extensions("foo; bar=, baz");
  ASSERT_FALSE(extensions);
  EXPECT_EQ(
      extensions.error().line(),
      "Sec-WebSocket-Extensions: not as RFC 6455 has it at character 10 of \"foo; bar=, baz\"");
}

TEST(SubprotocolsHeader, IsAListOfTokens) {
  using List = std::vector<std::string>;
  EXPECT_EQ(*read_subprotocols("chat"), List{"chat"});
  EXPECT_EQ(*read_subprotocols(" chat ,superchat,, v2.chat "),
            (List{"chat", "superchat", "v2.chat"}));
  for (const char* header : {"", ",", "a b", "a; b", "a=1", "\"a\"", "a/b", "a, b c"}) {
    EXPECT_FALSE(read_subprotocols(header)) << header;
  }
  EXPECT_THAT(read_subprotocols("a b").error().line(), HasSubstr("Sec-WebSocket-Protocol"));
}

/// What a server answers to offers, or "declined".
std::string answer(std::string_view offers, const DeflateParameters& wanted = {}) {
  const auto extensions = read_extensions(offers);
  if (!extensions) return "malformed";
  const auto accepted = accept_deflate(*extensions, wanted);
  return accepted ? accepted->response : "declined";
}

DeflateParameters agreed(std::string_view offers, const DeflateParameters& wanted = {}) {
  const auto accepted = accept_deflate(*read_extensions(offers), wanted);
  EXPECT_TRUE(accepted) << offers;
  return accepted ? accepted->parameters : DeflateParameters{};
}

TEST(AcceptDeflate, AcceptsTheSimplestOfferAsItIs) {
  EXPECT_EQ(answer("permessage-deflate"), "permessage-deflate");
  EXPECT_EQ(agreed("permessage-deflate"), DeflateParameters{});
}

TEST(AcceptDeflate, AnswersTheExamplesOfRfc7692) {
  // §7.1.2.1, §7.1.3
  EXPECT_EQ(answer("permessage-deflate; client_max_window_bits; server_max_window_bits=10"),
            "permessage-deflate; server_max_window_bits=10");
  EXPECT_EQ(answer("permessage-deflate; client_max_window_bits; server_max_window_bits=10, "
                   "permessage-deflate; client_max_window_bits"),
            "permessage-deflate; server_max_window_bits=10");
}

TEST(AcceptDeflate, GrantsServerNoContextTakeover) {
  const std::string offer = "permessage-deflate; server_no_context_takeover";
  EXPECT_EQ(answer(offer), offer);
  EXPECT_TRUE(agreed(offer).server_no_context_takeover);
}

TEST(AcceptDeflate, TakesTheHintOfClientNoContextTakeover) {
  const std::string offer = "permessage-deflate; client_no_context_takeover";
  EXPECT_EQ(answer(offer), offer);
  EXPECT_TRUE(agreed(offer).client_no_context_takeover);
}

TEST(AcceptDeflate, GrantsEveryServerWindow) {
  for (int bits = 8; bits <= 15; ++bits) {
    const std::string offer = "permessage-deflate; server_max_window_bits=" + std::to_string(bits);
    EXPECT_EQ(answer(offer), offer);
    EXPECT_EQ(agreed(offer).server_max_window_bits, bits);
    EXPECT_EQ(agreed(offer).client_max_window_bits, 15);
  }
}

TEST(AcceptDeflate, TakesTheHintOfEveryClientWindow) {
  for (int bits = 8; bits <= 14; ++bits) {
    const std::string offer = "permessage-deflate; client_max_window_bits=" + std::to_string(bits);
    EXPECT_EQ(answer(offer), offer);
    EXPECT_EQ(agreed(offer).client_max_window_bits, bits);
  }
  EXPECT_EQ(agreed("permessage-deflate; client_max_window_bits=15").client_max_window_bits, 15);
  EXPECT_EQ(agreed("permessage-deflate; client_max_window_bits").client_max_window_bits, 15);
}

TEST(AcceptDeflate, ReadsQuotedValues) {
  EXPECT_EQ(answer("permessage-deflate; server_max_window_bits=\"1\\0\""),
            "permessage-deflate; server_max_window_bits=10");
}

TEST(AcceptDeflate, AnswersAllParametersTogether) {
  EXPECT_EQ(answer("permessage-deflate; client_max_window_bits=9; server_max_window_bits=11; "
                   "client_no_context_takeover; server_no_context_takeover"),
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
            "server_max_window_bits=11; client_max_window_bits=9");
}

TEST(AcceptDeflate, PutsItsOwnWishesOnTop) {
  const DeflateParameters wanted{true, true, 12, 11};
  EXPECT_EQ(answer("permessage-deflate; client_max_window_bits", wanted),
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
            "server_max_window_bits=12; client_max_window_bits=11");
  EXPECT_EQ(agreed("permessage-deflate; client_max_window_bits", wanted), wanted);
}

// §7.1.2.2: a server must not name it in its answer unless the client did.
TEST(AcceptDeflate, AsksForASmallerClientWindowOnlyWhereTheClientUnderstandsIt) {
  const DeflateParameters wanted{false, false, 15, 9};
  EXPECT_EQ(answer("permessage-deflate", wanted), "permessage-deflate");
  EXPECT_EQ(agreed("permessage-deflate", wanted).client_max_window_bits, 15);
}

TEST(AcceptDeflate, TakesTheSmallerOfBothWindows) {
  const DeflateParameters wanted{false, false, 12, 12};
  EXPECT_EQ(
      agreed("permessage-deflate; server_max_window_bits=9; client_max_window_bits=10", wanted),
      (DeflateParameters{false, false, 9, 10}));
  EXPECT_EQ(
      agreed("permessage-deflate; server_max_window_bits=14; client_max_window_bits=13", wanted),
      (DeflateParameters{false, false, 12, 12}));
}

TEST(AcceptDeflate, DeclinesAParameterItDoesNotKnow) {
  EXPECT_EQ(answer("permessage-deflate; foo"), "declined");
  EXPECT_EQ(answer("permessage-deflate; server_no_context_takeover; bar=1"), "declined");
  EXPECT_EQ(answer("permessage-deflate; Server_No_Context_Takeover"), "declined");
}

TEST(AcceptDeflate, DeclinesADoubledParameter) {
  for (const char* parameter :
       {"server_no_context_takeover", "client_no_context_takeover", "server_max_window_bits=10",
        "client_max_window_bits=10", "client_max_window_bits"}) {
    EXPECT_EQ(answer(std::string("permessage-deflate; ") + parameter + "; " + parameter),
              "declined")
        << parameter;
  }
  EXPECT_EQ(answer("permessage-deflate; client_max_window_bits; client_max_window_bits=9"),
            "declined");
  EXPECT_EQ(answer("permessage-deflate; client_max_window_bits=9; client_max_window_bits"),
            "declined");
}

TEST(AcceptDeflate, DeclinesAValueThatIsNotAllowed) {
  for (const char* parameter :
       {"server_no_context_takeover=1", "client_no_context_takeover=true", "server_max_window_bits",
        "server_max_window_bits=7", "server_max_window_bits=16", "server_max_window_bits=0",
        "server_max_window_bits=08", "server_max_window_bits=010", "server_max_window_bits=+9",
        "server_max_window_bits=-9", "server_max_window_bits=9.0", "server_max_window_bits=0x9",
        "server_max_window_bits=256", "server_max_window_bits=4294967304",
        "server_max_window_bits=a", "client_max_window_bits=7", "client_max_window_bits=16",
        "client_max_window_bits=08", "client_max_window_bits=true"}) {
    EXPECT_EQ(answer(std::string("permessage-deflate; ") + parameter), "declined") << parameter;
  }
}

TEST(AcceptDeflate, TakesTheFirstOfferThatItCanMeet) {
  EXPECT_EQ(answer("permessage-deflate; foo, permessage-deflate; server_max_window_bits=10, "
                   "permessage-deflate"),
            "permessage-deflate; server_max_window_bits=10");
  EXPECT_EQ(answer("permessage-deflate; server_max_window_bits=7, permessage-deflate"),
            "permessage-deflate");
}

TEST(AcceptDeflate, LooksPastOtherExtensions) {
  EXPECT_EQ(answer("x-webkit-deflate-frame, permessage-deflate"), "permessage-deflate");
  EXPECT_EQ(answer("permessage-bzip2; foo, mux"), "declined");
  EXPECT_EQ(answer("permessage-deflate2"), "declined");
}

TEST(OfferDeflate, AlwaysLetsTheServerChooseTheClientsWindow) {
  EXPECT_EQ(offer_deflate({}), "permessage-deflate; client_max_window_bits");
  EXPECT_EQ(offer_deflate({true, true, 10, 9}),
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
            "server_max_window_bits=10; client_max_window_bits=9");
}

TEST(OfferDeflate, IsWhatAServerGrants) {
  for (const bool server_takeover : {false, true}) {
    for (const bool client_takeover : {false, true}) {
      for (int server_bits = 8; server_bits <= 15; ++server_bits) {
        for (int client_bits = 8; client_bits <= 15; ++client_bits) {
          const DeflateParameters wanted{server_takeover, client_takeover, server_bits,
                                         client_bits};
          const std::string offer = offer_deflate(wanted);
          EXPECT_EQ(agreed(offer), wanted) << offer;
          const auto checked = check_accepted_deflate(answer(offer), wanted);
          ASSERT_TRUE(checked) << checked.error().line();
          EXPECT_EQ(*checked, wanted) << offer;
        }
      }
    }
  }
}

TEST(OfferDeflate, AndWhatTheServerWantsIsUnderstood) {
  const DeflateParameters server{true, true, 9, 10};
  const auto checked = check_accepted_deflate(answer(offer_deflate({}), server), {});
  ASSERT_TRUE(checked);
  EXPECT_EQ(*checked, server);
}

/// A client's view of an answer: "" where it is good.
std::string refusal(std::string_view response, const DeflateParameters& offered = {}) {
  const auto checked = check_accepted_deflate(response, offered);
  return checked ? "" : checked.error().what;
}

TEST(CheckAcceptedDeflate, TakesParametersThatNeedNotBeOffered) {
  EXPECT_EQ(refusal("permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
                    "server_max_window_bits=9; client_max_window_bits=9"),
            "");
}

TEST(CheckAcceptedDeflate, KeepsItsOwnWindowWhereTheServerTakesAnyOther) {
  EXPECT_EQ(check_accepted_deflate("permessage-deflate", {false, true, 15, 10}).value(),
            (DeflateParameters{false, true, 15, 10}));
  EXPECT_EQ(
      check_accepted_deflate("permessage-deflate; client_max_window_bits=8", {false, false, 15, 10})
          .value(),
      (DeflateParameters{false, false, 15, 8}));
}

TEST(CheckAcceptedDeflate, RefusesWhatWasNotOffered) {
  EXPECT_THAT(refusal("mux"), HasSubstr("permessage-deflate"));
  EXPECT_THAT(refusal("permessage-deflate, mux"), HasSubstr("permessage-deflate"));
  EXPECT_THAT(refusal("permessage-deflate, permessage-deflate"), HasSubstr("more than the one"));
}

TEST(CheckAcceptedDeflate, RefusesWhatIsMalformed) {
  EXPECT_THAT(refusal(""), HasSubstr("RFC 6455"));
  EXPECT_THAT(refusal("permessage-deflate;"), HasSubstr("RFC 6455"));
}

TEST(CheckAcceptedDeflate, RefusesUnknownDoubledAndIllValuedParameters) {
  for (const char* parameters :
       {"foo", "server_no_context_takeover=1", "client_no_context_takeover=1",
        "server_max_window_bits", "server_max_window_bits=7", "server_max_window_bits=16",
        "client_max_window_bits", "client_max_window_bits=7", "client_max_window_bits=010",
        "server_no_context_takeover; server_no_context_takeover",
        "client_no_context_takeover; client_no_context_takeover",
        "server_max_window_bits=9; server_max_window_bits=9",
        "client_max_window_bits=9; client_max_window_bits=9"}) {
    EXPECT_THAT(refusal(std::string("permessage-deflate; ") + parameters),
                HasSubstr("unknown, doubled or has no allowed value"))
        << parameters;
  }
}

TEST(CheckAcceptedDeflate, RefusesAnAnswerThatGrantsLessThanWasOffered) {
  EXPECT_THAT(refusal("permessage-deflate", {true, false, 15, 15}),
              HasSubstr("server_no_context_takeover"));
  EXPECT_THAT(refusal("permessage-deflate", {false, false, 10, 15}),
              HasSubstr("server_max_window_bits must be at most 10"));
  EXPECT_THAT(refusal("permessage-deflate; server_max_window_bits=11", {false, false, 10, 15}),
              HasSubstr("server_max_window_bits must be at most 10"));
  EXPECT_EQ(refusal("permessage-deflate; server_max_window_bits=9", {false, false, 10, 15}), "");
  EXPECT_THAT(refusal("permessage-deflate; client_max_window_bits=11", {false, false, 15, 10}),
              HasSubstr("client_max_window_bits must be at most 10"));
}

}  // namespace
}  // namespace pushbench::wire

// What a browser sends and receives around what a page sees: the heads of its requests, and both
// heads of a WebSocket's upgrade. Modelled on Chromium over HTTP/1.1, of which the tests compare
// every byte; where the page runs elsewhere it is an estimate, and `source` says so either way.

import type { HttpRequest } from './http_exchange.js';

/** The part of `navigator` that says what the sec-ch-ua headers say. */
interface UserAgentData {
  readonly brands: readonly { readonly brand: string; readonly version: string }[];
  readonly mobile: boolean;
  readonly platform: string;
}

type Lines = readonly (string | false)[];

const NO_CACHE = ['Pragma: no-cache', 'Cache-Control: no-cache'];

// A page sees neither of these two. They stand for base64 of 16 bytes, and of 20.
const UNSEEN_KEY = '(drawn by the browser)==';
const UNSEEN_ACCEPT = '(what follows from the key)=';

export class ByteModel {
  readonly #server: URL;

  constructor(server: string) {
    this.#server = new URL(server);
  }

  requestHead({ method, target, headers, body, cache }: HttpRequest): string {
    const accept = headers['Accept'] ?? '*/*';
    const own = Object.entries(headers).filter(([name]) => name !== 'Accept');
    const post = method === 'POST';
    return headOf(`${method} ${target} HTTP/1.1`, [
      `Host: ${this.#server.host}`,
      'Connection: keep-alive',
      post && `Content-Length: ${new TextEncoder().encode(body).length}`,
      ...own.map(([name, value]) => `${name}: ${value}`),
      `Accept: ${accept}`,
      ...(cache === 'no-store' ? NO_CACHE : []),
      ...this.#agentLines(),
      ...this.#fetchLines(),
      (post || !this.#isOwn()) && originLine(),
      ...this.#commonLines(),
    ]);
  }

  upgradeHead(target: string, protocols: readonly string[]): string {
    return headOf(`GET ${target} HTTP/1.1`, [
      `Host: ${this.#server.host}`,
      'Connection: Upgrade',
      ...NO_CACHE,
      agentLine(),
      'Upgrade: websocket',
      originLine(),
      'Sec-WebSocket-Version: 13',
      ...this.#commonLines(),
      `Sec-WebSocket-Key: ${UNSEEN_KEY}`,
      'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
      protocols.length > 0 && `Sec-WebSocket-Protocol: ${protocols.join(', ')}`,
    ]);
  }

  upgradeAnswerHead({ extensions, protocol }: WebSocket): string {
    return headOf('HTTP/1.1 101 Switching Protocols', [
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${UNSEEN_ACCEPT}`,
      extensions !== '' && `Sec-WebSocket-Extensions: ${extensions}`,
      protocol !== '' && `Sec-WebSocket-Protocol: ${protocol}`,
    ]);
  }

  /** Whether the page came from the server that it talks to. */
  #isOwn(): boolean {
    return globalThis.location?.origin === this.#server.origin;
  }

  /** Some headers go only to who cannot be overheard: by TLS, or on this machine. */
  #isTrustworthy(): boolean {
    const { protocol, hostname } = this.#server;
    return protocol === 'https:' || /^(127\.[\d.]+|\[::1\]|(.+\.)?localhost)$/.test(hostname);
  }

  #agentLines(): Lines {
    const agent = globalThis.navigator as { userAgentData?: UserAgentData } | undefined;
    const data = agent?.userAgentData;
    if (data === undefined || !this.#isTrustworthy()) return [agentLine()];
    const brands = data.brands.map(({ brand, version }) => `"${brand}";v="${version}"`);
    return [
      `sec-ch-ua-platform: "${data.platform}"`,
      agentLine(),
      `sec-ch-ua: ${brands.join(', ')}`,
      `sec-ch-ua-mobile: ?${data.mobile ? 1 : 0}`,
    ];
  }

  #fetchLines(): Lines {
    if (globalThis.location === undefined || !this.#isTrustworthy()) return [];
    const site = `Sec-Fetch-Site: ${this.#site()}`;
    return [site, 'Sec-Fetch-Mode: cors', 'Sec-Fetch-Dest: empty'];
  }

  #site(): string {
    if (this.#isOwn()) return 'same-origin';
    const { hostname, protocol } = this.#server;
    const same = location.hostname === hostname && location.protocol === protocol;
    return same ? 'same-site' : 'cross-site';
  }

  #commonLines(): Lines {
    const languages = globalThis.navigator?.languages ?? [];
    return [
      `Accept-Encoding: gzip, deflate${this.#isTrustworthy() ? ', br, zstd' : ''}`,
      languages.length > 0 && `Accept-Language: ${acceptLanguage(languages)}`,
      this.#isOwn() && cookieLine(),
    ];
  }
}

function headOf(firstLine: string, lines: Lines): string {
  return [firstLine, ...lines.filter((line) => line !== false), '', ''].join('\r\n');
}

const agentLine = (): string | false => {
  const agent = globalThis.navigator?.userAgent;
  return agent !== undefined && `User-Agent: ${agent}`;
};

const originLine = (): string | false =>
  globalThis.location !== undefined && `Origin: ${location.origin}`;

/** As far as a page may see its cookies. */
function cookieLine(): string | false {
  const cookie = globalThis.document?.cookie ?? '';
  return cookie !== '' && `Cookie: ${cookie}`;
}

/**
 * Each language also without its region, unless it follows anyhow, and each less wanted than the
 * last.
 */
function acceptLanguage(languages: readonly string[]): string {
  const all = languages.flatMap((language, i) => {
    const base = language.replace(/-.*/, '');
    const follows = languages.slice(i).some((other) => other === base);
    const sameNext = languages[i + 1]?.startsWith(`${base}-`) ?? false;
    return language === base || follows || sameNext ? [language] : [language, base];
  });
  return all.map((language, i) => (i === 0 ? language : `${language};q=${quality(i)}`)).join(',');
}

const quality = (i: number): string => Math.max(0.1, 1 - i / 10).toFixed(1);

// Why a connection was lost or not made, as the library says it in English, in Russian.

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^there is no connection to the server/, 'нет связи с сервером'],
  [/^the connection broke/, 'соединение оборвалось'],
  [/^the server ended the answer$/, 'сервер закончил ответ'],
  [/^no answer came in time$/, 'ответ не пришёл вовремя'],
  [/^the answer was (.+)$/, 'сервер ответил $1'],
  [/^requests that wait are cut off/, 'ожидающие запросы обрываются по пути'],
  [/^the event stream ended before it began$/, 'поток событий закончился, не начавшись'],
  [/^the event stream brought nothing/, 'поток событий молчит: что-то по пути его задерживает'],
  [/^nothing came, not even a comment$/, 'не пришло ничего, даже комментария'],
  [/^what came is no batch$/, 'пришло не то, что должно было прийти'],
  [/^message (.+) is missing$/, 'не хватает сообщения $1'],
  [/^no WebSocket comes through/, 'WebSocket не проходит, хотя сервер отвечает'],
  [/^the WebSocket broke$/, 'соединение WebSocket оборвалось'],
  [/^the server closed the WebSocket with (\S+).*$/, 'сервер закрыл WebSocket с кодом $1'],
  [/^WebSockets open but bring nothing/, 'WebSocket открывается, но ничего не приносит'],
];

/** Undefined where there are no words for it: then it is shown as it was said. */
export function reasonInRussian(said: string): string | undefined {
  const found = REASONS.find(([pattern]) => pattern.test(said));
  if (found === undefined) return undefined;
  const [pattern, words] = found;
  return words.replace('$1', pattern.exec(said)?.[1] ?? '');
}

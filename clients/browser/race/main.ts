// The race page: puts its parts together.

import { byId } from '../shared/dom.js';
import { Format, localeOf } from '../shared/format.js';
import { pointLinks } from '../shared/links.js';
import { Session } from '../shared/session.js';
import { fillTexts, languageFor, textsIn } from '../shared/texts.js';
import { offerThemes } from '../shared/theme.js';
import { Race } from './race.js';
import { roomFrom } from './room.js';

const language = languageFor(location.search, navigator.languages);
const texts = textsIn(language);
fillTexts(document, texts);
offerThemes(byId<HTMLSelectElement>('theme'));
const query = new URLSearchParams(location.search);
const room = roomFrom(location.search);
query.set('room', room); // the chat's link leads there, too
pointLinks(document, `?${query}`, language);
const race = new Race(texts, new Format(localeOf(language, navigator.languages)), new Session());
void race.start(room);

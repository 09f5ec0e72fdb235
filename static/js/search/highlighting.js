// Where in a text the words stand that it was found by. Words are compared as the server does:
// without case and accents, and sign by sign in scripts that write without spaces.

const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670]+/g;
const LETTERS = { ł: "l", ø: "o", đ: "d", ð: "d", þ: "th", ħ: "h", ı: "i", æ: "ae", œ: "oe", ß: "ss" };
const SIGN = "[\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Mymr}\\p{sc=Khmr}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Han}\\p{sc=Hang}]";
const PART = "[\\p{L}\\p{N}]";
const WORDS = new RegExp(`${SIGN}|(?:(?!${SIGN})${PART})+`, "gu");
const IS_SIGN = new RegExp(SIGN, "u");
const BEFORE = 40; // characters shown before the first hit
const MOST = 200; // characters of a snippet

const fold = (character) =>
  character.normalize("NFKD").toLowerCase().replace(ACCENTS, "").normalize("NFC").replace(/./gu, plainOf);
const plainOf = (letter) => LETTERS[letter] ?? letter;

/** The folded text, and for each of its places the one in `text`. */
function folded(text) {
  let plain = "";
  let at = 0;
  const places = [];
  for (const character of text) {
    const letters = fold(character);
    for (let each = 0; each < letters.length; each += 1) places.push(at);
    plain += letters;
    at += character.length;
  }
  return { plain, places: [...places, at] };
}

/** A pattern for one term; `isBeginning(term)` says whether longer words are meant, too. */
function patternOf(term, isBeginning) {
  const words = folded(term).plain.match(WORDS);
  if (!words) return null;
  const open = IS_SIGN.test(words[0]) ? "" : `(?<!${PART})`;
  const rest = isBeginning(term) ? `${PART}*` : `(?!${PART})`;
  const joined = words.reduce((pattern, word) => pattern + gap(pattern, word) + word);
  return open + joined + (IS_SIGN.test(words.at(-1)) ? "" : rest);
}

/** What stands between two words: something, unless one is a sign. */
const gap = (before, after) =>
  `(?:(?!${PART}).)${IS_SIGN.test(before.at(-1)) || IS_SIGN.test(after) ? "*" : "+"}`;

/** [from, to] of each place where one of `terms` stands in `text`, in order. */
function hitsIn(text, terms, isBeginning) {
  const patterns = terms.map((term) => patternOf(term, isBeginning)).filter(Boolean);
  if (!patterns.length) return [];
  const { plain, places } = folded(text);
  const matches = plain.matchAll(new RegExp(patterns.join("|"), "gsu"));
  return [...matches].map(({ index, 0: hit }) => [places[index], places[index + hit.length]]);
}

/** A short piece of `body` around the first hit, as [text, whether it is a hit] one by one. */
export function snippet(body, terms, isBeginning) {
  const text = body.replace(/\s+/g, " ").trim();
  const hits = hitsIn(text, terms, isBeginning);
  const begin = beginOf(text, hits[0]?.[0] ?? 0);
  const end = Math.min(text.length, begin + MOST);
  const parts = [];
  let at = begin;
  for (const [from, to] of hits.filter(([from]) => from >= begin && from < end)) {
    parts.push([text.slice(at, from), false], [text.slice(from, to), true]);
    at = to;
  }
  parts.push([text.slice(at, Math.max(at, end)), false]);
  if (begin > 0) parts.unshift(["… ", false]);
  if (end < text.length) parts.push([" …", false]);
  return parts.filter(([words]) => words);
}

/** Where a snippet begins that shows the place `hit`: at a word, if one begins near. */
function beginOf(text, hit) {
  if (hit <= BEFORE) return 0;
  const space = text.indexOf(" ", hit - BEFORE);
  return space >= 0 && space < hit - BEFORE / 2 ? space + 1 : hit - BEFORE;
}

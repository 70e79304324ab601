import { companyLists, longestName } from '../operators/shared/company-name.ts'
import { lowerLetters, upperLetters } from '../operators/shared/text.ts'
import { sqlLiteral } from '../sql-literal.ts'
import { separatorsSql, wordEndsSql } from './separators.ts'
import { simplifiedLetters, traditionalLetters } from './simplified-letters.ts'

/** The table of letters as one JSON object, whose keys Postgres finds by halving. */
const letters = JSON.stringify(
  Object.fromEntries([...traditionalLetters].map((letter, i) => [letter, [...simplifiedLetters][i]])),
)

const list = (words: readonly string[]) =>
  `ARRAY[${words.map((word) => sqlLiteral(word)).join(', ')}]::text[]`

/**
 * What `company_key` and `similarity` call in Postgres: immutable functions of the workspace, step by step what the
 * evaluator does. `schema` is quoted already.
 */
export function nameFunctions(schema: string): string {
  return `CREATE OR REPLACE FUNCTION ${schema}.cw_company_key(name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $body$
DECLARE
  separators CONSTANT text := ${sqlLiteral(separatorsSql)};
  han_forms CONSTANT text[] := ${list(companyLists.hanForms)};
  latin_forms CONSTANT text[] := ${list(companyLists.latinForms)};
  places CONSTANT text[] := ${list(companyLists.places)};
  han_places CONSTANT text[] := ${list(companyLists.hanPlaces)};
  folded text := translate(left(normalize(name, NFKC), ${longestName}), ${sqlLiteral(upperLetters)}, ${sqlLiteral(lowerLetters)});
  open text := '';
  part text;
  word text;
  words text[] := '{}';
  from_at integer := 1;
  to_at integer;
  rest text;
  found_one text;
  behind text;
  ending text;
BEGIN
  -- translate() would walk the whole table for each character.
  SELECT COALESCE(string_agg(COALESCE(${sqlLiteral(letters)}::jsonb ->> letter, letter), '' ORDER BY n), '') INTO folded
    FROM unnest(string_to_array(folded, NULL)) WITH ORDINALITY u(letter, n);
  folded := replace(folded, '&', ' and ');
  -- Brackets: a place inside goes with them, anything else stays as words of its own.
  rest := folded;
  LOOP
    part := substring(rest from '[([{【〔〈《「『]([^()[\\]{}【】〔〕〈〉《》「」『』]*)[)\\]}】〕〉》」』]');
    EXIT WHEN part IS NULL;
    found_one := (regexp_match(rest, '[([{【〔〈《「『][^()[\\]{}【】〔〕〈〉《》「」『』]*[)\\]}】〕〉》」』]'))[1];
    open := open || left(rest, position(found_one IN rest) - 1);
    rest := substr(rest, position(found_one IN rest) + char_length(found_one));
    word := regexp_replace(part, separators, '', 'g');
    ending := substring(word from ${sqlLiteral(`(?:${companyLists.divisions.join('|')})$`)});
    IF word = ANY (places) OR left(word, -char_length(COALESCE(ending, ''))) = ANY (places) AND ending IS NOT NULL THEN
      open := open || ' ';
    ELSE
      open := open || ' ' || part || ' ';
    END IF;
  END LOOP;
  open := open || rest;
  FOREACH part IN ARRAY regexp_split_to_array(open, ${sqlLiteral(wordEndsSql)}) LOOP
    word := regexp_replace(part, separators, '', 'g');
    IF word <> '' THEN words := words || word; END IF;
  END LOOP;
  -- Latin legal forms, from the end; never the whole name.
  to_at := cardinality(words);
  WHILE to_at > 1 AND (words[to_at] = ANY (latin_forms) OR words[to_at] = 'and' AND to_at < cardinality(words)) LOOP
    to_at := to_at - 1;
  END LOOP;
  IF to_at > 1 AND words[1] = ANY (places) AND NOT words[1] = ANY (han_places) THEN from_at := 2; END IF;
  rest := COALESCE(array_to_string(words[from_at:to_at], ''), '');
  IF NOT rest = ANY (han_forms) THEN
    LOOP
      -- The leftmost match of a pattern is the longest form; the name keeps one character at least.
      found_one := substring(substr(rest, 2) from ${sqlLiteral(`(?:${companyLists.hanForms.join('|')})$`)});
      EXIT WHEN found_one IS NULL;
      rest := left(rest, -char_length(found_one));
    END LOOP;
    LOOP
      found_one := substring(rest from ${sqlLiteral(`^(?:${companyLists.hanPlaces.join('|')})`)});
      EXIT WHEN found_one IS NULL;
      behind := substr(rest, char_length(found_one) + 1);
      ending := substring(behind from ${sqlLiteral(`^(?:${companyLists.divisions.join('|')})`)});
      behind := substr(behind, char_length(COALESCE(ending, '')) + 1);
      IF ending = '市' THEN behind := regexp_replace(behind, '^[^区县]{2,3}[区县](.{2,})$', '\\1'); END IF;
      EXIT WHEN char_length(behind) < 2;
      rest := behind;
    END LOOP;
  END IF;
  IF rest <> '' THEN RETURN rest; END IF;
  rest := regexp_replace(folded, separators, '', 'g');
  RETURN CASE WHEN rest = '' THEN folded ELSE rest END;
END $body$;

CREATE OR REPLACE FUNCTION ${schema}.cw_similarity(a text, b text) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $body$
DECLARE
  others text[] := '{}';
  common integer := 0;
  total integer := char_length(a) + char_length(b) - 2;
  place integer;
  pair text;
  repeats boolean := false;
BEGIN
  IF a = b THEN RETURN 1.0000; END IF;
  IF char_length(a) < 2 OR char_length(b) < 2 THEN RETURN 0.0000; END IF;
  -- Names seldom repeat a pair: then each that stands in the other text counts once, wherever it stands.
  FOR i IN 1 .. char_length(a) - 1 LOOP
    pair := substr(a, i, 2);
    IF position(pair IN b) > 0 THEN
      IF position(pair IN substr(a, i + 1)) > 0 THEN
        repeats := true;
        EXIT;
      END IF;
      common := common + 1;
    END IF;
  END LOOP;
  IF repeats THEN
    common := 0;
    FOR i IN 1 .. char_length(b) - 1 LOOP others := others || substr(b, i, 2); END LOOP;
    FOR i IN 1 .. char_length(a) - 1 LOOP
      place := array_position(others, substr(a, i, 2));
      IF place IS NOT NULL THEN
        common := common + 1;
        others[place] := NULL;
      END IF;
    END LOOP;
  END IF;
  RETURN ((40000 * common::bigint + total) / (2 * total)) * 0.0001;
END $body$;
`
}

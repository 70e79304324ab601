-- Messages of other systems that were refused, by the hash of the address they came from; shared by all servers.
CREATE TABLE channelwright.hook_guess (
  address bytea PRIMARY KEY,
  count integer NOT NULL,
  since timestamptz NOT NULL
);
CREATE INDEX hook_guess_since ON channelwright.hook_guess (since);

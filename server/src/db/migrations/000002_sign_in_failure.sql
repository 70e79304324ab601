-- Wrong passwords in a row, per account and shared by all servers: guessing from many addresses is slowed too.
CREATE TABLE channelwright.sign_in_failure (
  -- SHA-256 of the e-mail address: also for addresses that nobody has, so that an answer tells nothing.
  account bytea PRIMARY KEY,
  count integer NOT NULL,
  since timestamptz NOT NULL
);

-- Which version of the program made, or looked through, the rights and policies of the release in force; null since a
-- publish, until a start of the server has looked.
ALTER TABLE channelwright.workspace ADD COLUMN access_made_by text;

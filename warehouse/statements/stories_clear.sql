-- Nothing is known of likenesses. Stories keep their keys until they are grouped anew, by which they get the same ones. Writer: stories.
DELETE FROM store.signatures;

DELETE FROM store.likenesses;

DELETE FROM store.passed WHERE reader = 'stories';

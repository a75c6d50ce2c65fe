"""Work on art: facts, ideas, descriptions, records, criticism and judgement."""

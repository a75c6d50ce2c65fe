"""How tokenizers see text pictures: opening one, splitting, measuring each spelling, and recommending one."""

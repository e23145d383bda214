enum StrataRESPPlaceholder {}

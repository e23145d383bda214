enum StrataPlaceholder {}

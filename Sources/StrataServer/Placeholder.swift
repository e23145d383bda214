enum StrataServerPlaceholder {}

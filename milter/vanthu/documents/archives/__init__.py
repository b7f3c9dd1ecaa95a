"""Archives: containers of other files. Members are read by content, like the files themselves."""

-- What rspamd's own rules file sets up before it loads its rules; there are no rules here.
require "global_functions" ()
rspamd_maps = {}

package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version and commit are set by the linker in releases; otherwise the build's own record of its source tells them.
var (
	version = "dev"
	commit  = ""
)

type versionCommand struct{}

// Run prints one line.
func (versionCommand) Run(std console) error {
	_, err := fmt.Fprintf(std.out, "nashr %s (commit %s, %s)\n", version, sourceCommit(), runtime.Version())
	return err
}

func sourceCommit() string {
	if commit != "" {
		return commit
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return "unknown"
}

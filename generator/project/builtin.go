package project

import (
	"io/fs"

	"golang.org/x/mod/semver"

	"skillgen/templates"
)

// Builtin returns the workflows and partials that are built into the binary, as a project's templates folder holds them.
func Builtin() fs.FS { return templates.FS }

// ValidVersion reports whether s is a version as Semantic Versioning 2.0.0 has it, in full and without a v.
func ValidVersion(s string) bool {
	message, _ := versionRule.also(s)
	return message == ""
}

// CompareVersions orders versions as Semantic Versioning 2.0.0 does (§11): -1, 0 or 1. What is no version comes first.
func CompareVersions(a, b string) int { return semver.Compare("v"+a, "v"+b) }

// IDFault says why s can't be the id of a framework, and what to do; both are empty where it can. PrefixFault and LanguageFault do the same
// for the prefix of skill names and for a language.
func IDFault(s string) (message, hint string) { return frameworkRule.fault(s) }

// PrefixFault: see IDFault.
func PrefixFault(s string) (message, hint string) { return prefixRule.fault(s) }

// LanguageFault: see IDFault.
func LanguageFault(s string) (message, hint string) { return languageRule.fault(s) }

// ProductFault: see IDFault, for the display name of a product.
func ProductFault(s string) (message, hint string) { return productRule.fault(s) }

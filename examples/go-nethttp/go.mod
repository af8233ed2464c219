module hangar

go 1.24.0

require github.com/posthog/posthog-go v1.5.2

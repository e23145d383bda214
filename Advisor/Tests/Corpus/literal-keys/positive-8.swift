private let limits = ["free": 10, "team": 100, "company": 1000] // expect: literal-keys

func freeLimit() -> Int { limits["free"]! }
func teamLimit() -> Int { limits["team"]! }

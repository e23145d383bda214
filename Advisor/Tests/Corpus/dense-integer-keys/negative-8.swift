let flags = [1: "a", 2: "b", 4: "c", 8: "d"]

func flag(_ bit: Int) -> String? { flags[bit] }

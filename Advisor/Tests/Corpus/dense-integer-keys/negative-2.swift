let statuses = [200: "OK", 404: "Not Found", 500: "Internal Server Error"]

func text(_ code: Int) -> String { statuses[code] ?? "" }

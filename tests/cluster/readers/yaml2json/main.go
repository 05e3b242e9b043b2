// Command yaml2json reads file names, one a line, and prints each file as one line of JSON, read as Kubernetes' own
// tools read YAML (sigs.k8s.io/yaml). A file that can't be read so ends it with the file's name and the reason.
package main

import (
	"bufio"
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	names := bufio.NewScanner(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for names.Scan() {
		line, err := read(names.Text())
		if err != nil {
			out.Flush()
			fmt.Fprintf(os.Stderr, "%s: %v\n", names.Text(), err)
			os.Exit(1)
		}
		out.Write(line)
		out.WriteByte('\n')
	}
}

func read(name string) ([]byte, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return yaml.YAMLToJSONStrict(data)
}

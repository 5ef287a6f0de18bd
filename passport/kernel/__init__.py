"""The ground floor: values and rules that need neither Django nor a database."""
